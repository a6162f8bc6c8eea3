import { freePort } from '../free-port.ts'
import { type Daemon, findProgram, startDaemon, type Teardown, temporaryFolder } from './daemon.ts'

export interface RedisServer extends Daemon {
  readonly port: number
  readonly url: string
}

/** A real Redis that keeps nothing on disk; null where the program is missing. `lines` are more words of its command line. */
export async function startRedis(t: Teardown, lines: readonly string[] = []): Promise<RedisServer | null> {
  const program = findProgram('redis-server')
  if (program === null) return null
  const port = await freePort()
  const folder = temporaryFolder(t, 'redis')
  const place = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder]
  const daemon = await startDaemon(t, [program, ...place, '--save', '', '--appendonly', 'no', ...lines], [port])
  return Object.defineProperties(daemon as RedisServer, {
    port: { value: port },
    url: { value: `redis://127.0.0.1:${port}` },
  })
}
