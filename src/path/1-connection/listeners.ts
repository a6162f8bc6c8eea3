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
const sweepEvery = 100

/** A server at its address. */
export class Listener {
  /** As configured; the port may be 0. */
  readonly wanted: Address
  readonly server: Server
  #bound: Address | null = null
  #closed: Promise<void> | null = null

  constructor(server: Server, wanted: Address) {
    this.server = server
    this.wanted = wanted
  }

  /** Where it listens in fact. */
  get address(): Address {
    return this.#bound ?? this.wanted
  }

  /** Rejects with the error of `listen` where the address cannot be had. */
  async open(): Promise<void> {
    const { host, port } = this.wanted
    this.server.listen({ host, port, backlog })
    await once(this.server, 'listening')
    const bound = this.server.address() as AddressInfo
    this.#bound = { host: bound.address, port: bound.port }
  }

  /** No new connection is accepted and idle ones are closed. Resolves when none is left. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  /** Cuts all connections. */
  async abandon(): Promise<void> {
    this.server.closeAllConnections()
    await this.close()
  }

  async #close(): Promise<void> {
    if (!this.server.listening) return
    const closed = once(this.server, 'close')
    this.server.close()
    // Node closes the idle connections once; one that becomes idle later would hold the stop up to the deadline.
    const sweep = setInterval(() => this.server.closeIdleConnections(), sweepEvery)
    await closed
    clearInterval(sweep)
  }
}

/** Rejects, with all closed again, with the error of the first that cannot be opened. */
export async function openAll(listeners: readonly Listener[]): Promise<void> {
  try {
    for (const listener of listeners) await listener.open()
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.abandon()))
    throw error
  }
}

/**
 * Lets requests in flight end: no new connection is accepted, idle ones are closed, and after `deadline` milliseconds
 * what is left is aborted with a problem that says so, then cut.
 */
export async function drain(
  listeners: readonly Listener[],
  stopping: AbortController,
  deadline: number,
): Promise<void> {
  const over = new AbortController()
  const closed = Promise.all(listeners.map((listener) => listener.close()))
  const timer = delay(deadline, undefined, { signal: over.signal }).then(
    () => stopping.abort(violation('gateway.stopping')),
    () => undefined,
  )
  await Promise.race([closed, timer])
  over.abort()
  await Promise.race([closed, delay(lastAnswers, undefined, { ref: false })])
  await Promise.all(listeners.map((listener) => listener.abandon()))
}

/** Milliseconds in which the last answers, those that say that time is up, can go out. */
const lastAnswers = 1000
