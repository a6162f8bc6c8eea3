import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

export interface Running {
  readonly url: string
  readonly close: () => Promise<void>
}

const startDeadline = 30_000
const stopDeadline = 3_000

/** Linux: the kernel ends the server when this process ends, however it ends. */
const leash = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] : []

/** Starts a server that binds port 0 of 127.0.0.1 and prints its URL; rejects with its output when it does not. */
export async function startProcess(command: readonly string[], cwd: string): Promise<Running> {
  const [program = '', ...args] = [...leash, ...command]
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    return { url: await announcedUrl(child), close: () => stop(child) }
  } catch (error) {
    await stop(child)
    throw error
  }
}

function announcedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const fail = (why: string): void => reject(new Error(`${child.spawnargs.join(' ')}: ${why}\n${output}`))
    const timer = setTimeout(() => fail('did not announce its URL'), startDeadline)
    const listen = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4_000)
      const url = /http:\/\/127\.0\.0\.1:\d+\b/.exec(output)?.[0]
      if (url !== undefined) {
        clearTimeout(timer)
        resolve(url)
      }
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('error', (error) => fail(error.message))
    child.once('close', () => {
      clearTimeout(timer)
      fail('ended')
    })
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadline)
  child.kill('SIGTERM')
  await ended
  clearTimeout(timer)
}
