/** Inspects one file as often as it is told, and tells its parent process of the CPU time. Arguments: FILE ROUNDS. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { openInspection } from '../../../src/path/5-inspection/isolation/inspection.ts'
import type { FileFacts, UploadFacts } from '../../../src/path/types.ts'
import { unpackingCeilings } from '../../../src/policy/ceilings.ts'
import { decide } from '../../../src/policy/decide.ts'
import { packs } from '../../../src/policy/packs.ts'
import { contentOf, png } from '../../support/files.ts'
import { residentBytes } from '../processes/usage.ts'

export interface OneReport {
  /** Milliseconds of CPU, user and system, of each round. */
  readonly cpu: readonly number[]
  /** Bytes: what the inspection added to what the process had with the file read and its thread started. */
  readonly memory: number
  readonly verdict: string
  readonly rules: readonly string[]
}

const [file = '', rounds = '1'] = process.argv.slice(2)
const named = { name: 'anything', owner: null, expected: null, rollback: null, mode: 'enforce', modes: {} } as const
const policy = { ...named, ...packs.anything }
const { signal } = new AbortController()

const inspection = openInspection({ threads: 1, timeout: 120_000, wait: 120_000, memory: 128 * 2 ** 20 }, () => {})
const bytes = readFileSync(file)
const limits = unpackingCeilings(policy)
await inspection.inspect(contentOf(png()), 'warm.png', limits, signal)
const atRest = residentBytes(process.pid).now
const cpu: number[] = []
let facts: UploadFacts | null = null
for (let round = 0; round < Number(rounds); round += 1) {
  const before = process.cpuUsage()
  const inspected = await inspection.inspect(contentOf(bytes), basename(file), limits, signal)
  if ('failed' in inspected) throw new Error(inspected.failed)
  const { user, system } = process.cpuUsage(before)
  cpu.push((user + system) / 1000)
  const one: FileFacts = {
    part: 1,
    field: 'f',
    name: basename(file),
    size: bytes.length,
    sha256: 'x',
    declaredType: null,
    inspected,
    scans: [],
  }
  facts = { channel: 'raw', size: bytes.length, parts: 1, fields: [], files: [one], complete: true }
}
const memory = residentBytes(process.pid).peak - atRest
const { verdict, findings } = facts === null ? { verdict: 'none', findings: [] } : decide(policy, facts)
process.send?.({ cpu, memory, verdict, rules: findings.map(({ rule }) => rule) } satisfies OneReport)
await inspection.close()
