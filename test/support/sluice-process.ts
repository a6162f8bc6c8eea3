import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'

const bin = join(import.meta.dirname, '../../src/bin.mjs')
/** The same, with a primary that loses patience with its workers after four seconds. */
export const impatient = join(import.meta.dirname, 'impatient-primary.ts')

/** Halves the time of a start. */
const compileCache = mkdtempSync(join(tmpdir(), 'sluice-compiled-'))
process.once('exit', () => rmSync(compileCache, { recursive: true, force: true }))

/** Linux: the kernel ends the program when this process ends, however it ends. */
const leash = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] : []

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The test runner gives each Node process hooks of its own, which are slow to load and listen to signals. */
const bare = ['env', '-u', 'NODE_OPTIONS']

/** The `sluice` command, running. */
export interface Sluice {
  readonly pid: number
  readonly ended: Promise<Ended>
  stdout(): string
  stderr(): string
  /** Resolves when the text is in the log; rejects when the program ended without it. */
  logs(text: string): Promise<void>
  kill(signal: NodeJS.Signals): void
}

/** A gateway that has announced where it listens. */
export interface SluiceGateway extends Sluice {
  readonly url: string
  readonly port: number
  readonly operationsUrl: string
}

interface Teardown {
  teardown(end: () => unknown): unknown
}

/** Starts `sluice` with these arguments, behind the command `before`, which is to replace itself with it. */
export function runSluice(t: Teardown, args: readonly string[], before: readonly string[] = [], main = bin): Sluice {
  const [program = '', ...rest] = [
    ...leash,
    ...before,
    ...bare,
    process.execPath,
    '--disable-warning=DEP0060',
    main,
    ...args,
  ]
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache }
  const child = spawn(program, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const events = new EventEmitter().setMaxListeners(0)
  const outputs = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      outputs[name] += text
      events.emit('output')
    })
  }
  void ended.then(() => events.emit('output'))
  return {
    pid: child.pid ?? 0,
    ended,
    stdout: () => outputs.stdout,
    stderr: () => outputs.stderr,
    kill: (signal) => void child.kill(signal),
    async logs(text) {
      while (!`${outputs.stdout}${outputs.stderr}`.includes(text)) {
        if (hasEnded(child)) throw new Error(`ended without "${text}":\n${outputs.stderr}${outputs.stdout}`)
        await once(events, 'output')
      }
    },
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** Starts `sluice serve` and waits until it listens. */
export async function serveSluice(
  t: Teardown,
  args: readonly string[],
  before: readonly string[] = [],
  main = bin,
): Promise<SluiceGateway> {
  const sluice = runSluice(t, ['serve', ...args], before, main)
  await sluice.logs('/metrics\n')
  const [url = ''] = sluice.stderr().match(/http:\/\/[^\s/]+/) ?? []
  const [, operations = ''] = /operations on {2}(http:\/\/[^\s/]+)/.exec(sluice.stderr()) ?? []
  return { ...sluice, url, port: Number(new URL(url).port), operationsUrl: operations }
}

/**
 * Writes a configuration on free ports into the folder and returns its path: POST /upload is governed, all else is
 * relayed, the spool is in `spool/`, the audit in audit.jsonl. `over` replaces whole sections.
 */
export function writeConfiguration(folder: string, upstream: string, over: Record<string, unknown> = {}): string {
  mkdirSync(join(folder, 'spool'), { recursive: true })
  const file = join(folder, 'sluice.yaml')
  const described = { owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }
  const sections = {
    version: 1,
    listeners: [{ address: '127.0.0.1:0' }],
    operations: { address: '127.0.0.1:0' },
    hold: { memory: '64KiB', spool: { directory: 'spool', size: '1GiB', keepFree: '0B' } },
    upstreams: { backend: { urls: [upstream], connect: '1s', response: '10s', retryFor: '0s' } },
    policies: { files: { extends: 'anything', ...described } },
    routes: [
      { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'files' },
      { path: '/**', upstream: 'backend' },
    ],
    audit: { file: 'audit.jsonl' },
  }
  writeFileSync(file, stringify({ ...sections, ...over }))
  return file
}
