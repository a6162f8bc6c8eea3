import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning, processTree } from './usage.ts'

/** A process that the benchmark started and ends. */
export interface Owned {
  readonly pid: number
  readonly child: ChildProcess
  /** Null while it runs; else how it ended and its last words. */
  ended(): string | null
  stop(): Promise<void>
}

const running = new Map<ChildProcess, number>()
/** Milliseconds from the polite signal to the other one. */
const patience = 5_000

// Node runs this on every way out, the signals below included; on most, nothing is left to end. Waiting here keeps them
// from writing into folders that are being removed.
process.on('exit', () => {
  const trees = [...running.values()].flatMap(processTree)
  for (const child of running.keys()) child.kill('SIGTERM')
  const clock = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; waited < patience && trees.some(isRunning); waited += 20) Atomics.wait(clock, 0, 0, 20)
  for (const pid of trees.filter(isRunning)) kill(pid)
})
for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const, ['SIGHUP', 129] as const]) {
  process.on(signal, () => process.exit(code))
}

/** A folder that is removed when the benchmark ends. */
export function scratchFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, 'sluice-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts a program; what it prints goes to the file `log`. */
export function start(command: readonly [string, ...string[]], log: string, env: NodeJS.ProcessEnv = {}): Owned {
  const [program, ...argv] = command
  const output = openSync(log, 'a')
  try {
    return own(spawn(program, argv, { stdio: ['ignore', output, output], env: { ...process.env, ...env } }), log)
  } finally {
    closeSync(output)
  }
}

/** Starts a module of the benchmark with a channel for messages. */
export function startModule(module: URL, log: string, argv: readonly string[] = []): Owned {
  const output = openSync(log, 'a')
  try {
    return own(fork(module, [...argv], { stdio: ['ignore', output, output, 'ipc'] }), log)
  } finally {
    closeSync(output)
  }
}

function own(child: ChildProcess, log: string): Owned {
  const { pid } = child
  let failure: string | null = null
  child.on('error', (error) => {
    failure = error.message
  })
  if (pid !== undefined) {
    running.set(child, pid)
    child.once('exit', () => running.delete(child))
  }
  const over = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    pid: pid ?? 0,
    child,
    ended: () => failure ?? (over() ? `ended with ${child.exitCode ?? child.signalCode}\n${lastWords(log)}` : null),
    stop: async () => {
      if (pid !== undefined && !over()) await stop(child, pid)
    },
  }
}

async function stop(child: ChildProcess, pid: number): Promise<void> {
  const ended = once(child, 'exit')
  const tree = processTree(pid)
  child.kill('SIGTERM')
  const timer = setTimeout(() => tree.forEach(kill), patience)
  await ended
  clearTimeout(timer)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

function lastWords(log: string): string {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-10).join('\n')
}
