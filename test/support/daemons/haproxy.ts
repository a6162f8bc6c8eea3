import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { type Daemon, findProgram, startDaemon, type Teardown, temporaryFolder } from './daemon.ts'

export interface HaProxy extends Daemon {
  readonly url: string
}

/** A real HAProxy before these ports of 127.0.0.1, by turns, as load balancers do it; null where the program is missing. */
export async function startHaProxy(
  t: Teardown,
  ports: readonly number[],
  ready: readonly number[],
): Promise<HaProxy | null> {
  const program = findProgram('haproxy')
  if (program === null) return null
  const port = await freePort()
  const file = join(temporaryFolder(t, 'haproxy'), 'haproxy.cfg')
  const servers = ports.map(
    (backend, index) =>
      `  server gateway${index} 127.0.0.1:${backend} check port ${ready[index]} inter 200ms fall 10 rise 1`,
  )
  writeFileSync(
    file,
    `global
  maxconn 1000
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
  timeout check 5s
  option forwardfor
  option redispatch
  retries 3
listen front
  bind 127.0.0.1:${port}
  balance roundrobin
  option httpchk GET /readyz
${servers.join('\n')}
`,
  )
  const daemon = await startDaemon(t, [program, '-f', file, '-db'], [port])
  return Object.defineProperties(daemon as HaProxy, { url: { value: `http://127.0.0.1:${port}` } })
}
