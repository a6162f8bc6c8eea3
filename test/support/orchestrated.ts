import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

const program = join(import.meta.dirname, 'orchestrated-server.ts')

/** Linux: the kernel ends the server when this process ends, however it ends. */
const leash = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] : []

/** One instance of the service in `orchestrated-server.ts`, on the same port for as often as it is started. */
export interface Instance {
  readonly url: string
  readonly start: () => Promise<void>
  /** Sends the signal and resolves when the process has ended. */
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>
}

interface Teardown {
  teardown(end: () => unknown): unknown
}

/** Resolves when it has been started. `pause`: milliseconds from acting on an upload to answering it. */
export async function startInstance(t: Teardown, folder: string, pause = 10): Promise<Instance> {
  const port = await freePort()
  let child: ChildProcess | null = null
  const instance: Instance = {
    url: `http://127.0.0.1:${port}`,
    async start() {
      const [command, ...rest] = [...leash, 'env', '-u', 'NODE_OPTIONS', process.execPath, program]
      const args = [...rest, String(port), folder, String(pause)]
      child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      if (child.stdout) await once(child.stdout, 'data')
    },
    async end(signal) {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
  await instance.start()
  t.teardown(() => instance.end('SIGKILL'))
  return instance
}

/** How often the service has acted on each upload. */
export function actedOn(folder: string): Map<string, number> {
  const times = new Map<string, number>()
  for (const file of readdirSync(folder)) {
    const [id = ''] = file.split('+')
    times.set(id, (times.get(id) ?? 0) + 1)
  }
  return times
}
