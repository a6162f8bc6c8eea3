import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { violation } from '../../problems/violation.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** Room for a burst of connections while the event loop is busy; the kernel's own limit may be lower. */
const backlog = 4096

/** Binds each server to the listener of the same place. Rejects with the error of the first that cannot be bound. */
export async function listenAll(
  servers: readonly Server[],
  listeners: readonly { readonly address: Address }[],
): Promise<Address[]> {
  const bound: Address[] = []
  for (const [index, server] of servers.entries()) {
    const { host, port } = (listeners[index] as { readonly address: Address }).address
    server.listen({ host, port, backlog })
    await once(server, 'listening')
    const address = server.address() as AddressInfo
    bound.push({ host: address.address, port: address.port })
  }
  return bound
}

/**
 * Lets requests in flight end: no new connection is accepted, idle ones are closed, and after `deadline` milliseconds
 * what is left is aborted with a problem that says so, then cut.
 */
export async function drain(servers: readonly Server[], stopping: AbortController, deadline: number): Promise<void> {
  const over = new AbortController()
  const closed = Promise.all(servers.map((server) => closeServer(server)))
  const timer = delay(deadline, undefined, { signal: over.signal }).then(
    () => stopping.abort(violation('gateway.stopping')),
    () => undefined,
  )
  // Node closes the idle connections once; one that becomes idle later would hold the stop up to the deadline.
  const sweep = setInterval(() => closeIdle(servers), sweepEvery)
  await Promise.race([closed, timer])
  over.abort()
  await Promise.race([closed, delay(lastAnswers, undefined, { ref: false })])
  clearInterval(sweep)
  await closeServers(servers)
}

/** Milliseconds in which the last answers, those that say that time is up, can go out. */
const lastAnswers = 1000
const sweepEvery = 100

function closeIdle(servers: readonly Server[]): void {
  for (const server of servers) server.closeIdleConnections()
}

export async function closeServers(servers: readonly Server[]): Promise<void> {
  for (const server of servers) server.closeAllConnections()
  await Promise.all(servers.map((server) => closeServer(server)))
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  await closed
}
