import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Linux: the kernel ends the program when this process ends, however it ends. */
const leash = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] : []

export interface Teardown {
  teardown(end: () => unknown): unknown
}

/** A program that serves on fixed addresses until it is killed or the test ends. */
export interface Daemon {
  /** Of the process that runs now. */
  readonly pid: number
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
  /** Kills it where it runs, starts it on the same addresses; resolves when it serves again. */
  restart(): Promise<void>
}

/** Whether the program is installed; daemons are often outside of a user's path. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const found = folders.map((folder) => join(folder, name)).find(isProgram)
  return found ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A folder that goes with the test. */
export function temporaryFolder(t: Teardown, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts the program, which is to stay in the foreground, and waits until all addresses accept connections. */
export async function startDaemon(
  t: Teardown,
  command: readonly string[],
  addresses: readonly (number | string)[],
): Promise<Daemon> {
  let child = await launch(command, addresses)
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    killGroup(child)
    await gone
    for (const address of addresses) while (await accepts(address)) await wait(5)
  }
  t.teardown(kill)
  return {
    get pid() {
      return child.pid ?? 0
    },
    kill,
    async restart() {
      await kill()
      child = await launch(command, addresses)
    },
  }
}

const patience = 20_000

/** With the processes that it made, which would go on serving for a while. */
function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL')
}

async function launch(command: readonly string[], addresses: readonly (number | string)[]): Promise<ChildProcess> {
  const [program = '', ...args] = [...leash, ...command]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-10_000)
    })
  }
  const until = Date.now() + patience
  for (const address of addresses) {
    while (!(await accepts(address))) {
      const ended = child.exitCode ?? child.signalCode
      if (ended === null && Date.now() < until) await wait(20)
      else {
        if (ended === null) killGroup(child)
        throw new Error(`${command[0]} ${ended === null ? 'does not listen' : `ended with ${ended}`}:\n${output}`)
      }
    }
  }
  return child
}

async function accepts(address: number | string): Promise<boolean> {
  const socket = typeof address === 'number' ? connect(address, '127.0.0.1') : connect(address)
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).then((open) => {
    socket.destroy()
    return open === true
  })
}
