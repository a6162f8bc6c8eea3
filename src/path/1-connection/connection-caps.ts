import type { Socket } from 'node:net'
import { parseAddress } from './address.ts'
import { connectionOf } from './connection.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

export interface CapOptions {
  /** Connections of the process, of all listeners together. */
  readonly total: number
  /** Connections of one client, by its IPv4 address or the /64 of its IPv6 address. */
  readonly perClient: number
  /** Trusted proxies speak for many clients, and have no cap of their own. */
  readonly trusts: TrustedProxies
}

export type Cap = 'total' | 'client'

/** Open connections that are looked at for one that is idle: room must not cost more than the flood that asks for it. */
const lookedAt = 64

/** Counts open connections, and says which new ones are too many. */
export class ConnectionCaps {
  readonly #options: CapOptions
  /** In the order in which they came or were last found busy. */
  readonly #open = new Set<Socket>()
  readonly #clients = new Map<string, number>()
  readonly #onReclaimed: () => void

  /** `onReclaimed` is called for each idle connection that was closed to make room. */
  constructor(options: CapOptions, onReclaimed: () => void) {
    this.#options = options
    this.#onReclaimed = onReclaimed
  }

  get open(): number {
    return this.#open.size
  }

  /** Counts the connection until it is closed. The cap that it is beyond, or null. */
  add(socket: Socket): Cap | null {
    const client = this.#countedFor(socket)
    const mine = client === null ? 0 : (this.#clients.get(client) ?? 0)
    if (mine >= this.#options.perClient) return 'client'
    if (this.#open.size >= this.#options.total && !this.#reclaim()) return 'total'
    this.#open.add(socket)
    if (client !== null) this.#clients.set(client, mine + 1)
    socket.once('close', () => this.#remove(socket, client))
    return null
  }

  #remove(socket: Socket, client: string | null): void {
    this.#open.delete(socket)
    if (client === null) return
    const left = (this.#clients.get(client) ?? 1) - 1
    if (left === 0) this.#clients.delete(client)
    else this.#clients.set(client, left)
  }

  /** Null where no cap is for the peer. */
  #countedFor({ remoteAddress = '' }: Socket): string | null {
    const address = parseAddress(remoteAddress)
    return address === null || this.#options.trusts(address) ? null : address.key
  }

  /** Closes a connection on which no request is being served: whoever is waiting on it has to ask anew anyway. */
  #reclaim(): boolean {
    let looked = 0
    for (const socket of this.#open) {
      if (connectionOf(socket).idle) {
        socket.destroy()
        this.#open.delete(socket)
        this.#onReclaimed()
        return true
      }
      if (++looked > lookedAt) return false
      // To the end, so that the next look is at others.
      this.#open.delete(socket)
      this.#open.add(socket)
    }
    return false
  }
}
