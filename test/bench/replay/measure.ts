import { spawnSync } from 'node:child_process'
import { rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { Surroundings } from '../measure.ts'
import { writeAudit } from './audit-lines.ts'

export interface ReplayResult {
  readonly lines: number
  /** Bytes of the audit. */
  readonly size: number
  /** User and system, of the whole command. */
  readonly cpuSeconds: number
  readonly seconds: number
  /** Bytes, the highest of the whole run. */
  readonly peak: number
}

const runner = fileURLToPath(new URL('./replay-once.ts', import.meta.url))

/** The command as people run it, on an audit that is made for it and removed again. */
export function measureReplay(
  lines: number,
  { scratch, progress }: Pick<Surroundings, 'scratch' | 'progress'>,
): ReplayResult {
  const [audit, configuration] = [join(scratch, 'audit.jsonl'), join(scratch, 'replay.yaml')]
  progress(`replay: writing ${lines} lines`)
  writeAudit(audit, lines)
  writeFileSync(configuration, newConfiguration())
  progress(`replay: deciding ${lines} lines again`)
  const begun = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [runner, audit, configuration], { encoding: 'utf8' })
  const seconds = (performance.now() - begun) / 1000
  const size = statSync(audit).size
  rmSync(audit)
  if (status !== 0) throw new Error(`replay failed: ${stderr}`)
  return { lines, size, seconds, ...readUsage(stdout) }
}

function readUsage(stdout: string): Pick<ReplayResult, 'cpuSeconds' | 'peak'> {
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  return JSON.parse(last)
}

/** Takes archives no longer, and smaller pictures only. */
function newConfiguration(): string {
  return stringify({
    version: 1,
    upstreams: { claims: { urls: ['http://claims'] } },
    scanners: { clamav: { type: 'clamd', address: 'unix:/run/clamd.ctl' } },
    policies: {
      p: { extends: 'images', fields: { require: ['claim_id'] }, files: { size: '8MiB', scanners: ['clamav'] } },
    },
    routes: [
      { path: '/claims/*/files', methods: ['POST'], upstream: 'claims', policy: 'p' },
      { path: '/**', upstream: 'claims' },
    ],
  })
}
