import { performance } from 'node:perf_hooks'
import { parseAddress } from './address.ts'
import type { Connection, Watcher } from './connection.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

/** Connections at a time: of all clients together, and of one client, as `Address.key` tells clients apart. */
export interface ConnectionCaps {
  readonly total: number
  readonly perClient: number
}

/** The cap that keeps a connection out. */
export type CapReason = 'total' | 'client'

export const capReasons = ['total', 'client'] as const satisfies readonly CapReason[]

/** The connections of one client; of all that cannot be told apart, or need not be, where `capped` is false. */
interface Client {
  readonly key: string
  readonly capped: boolean
  open: number
  readonly idle: Set<Place>
}

/** Nobody's connection is closed in the moment in which the next request may be on its way. */
const restBeforeReclaim = 1000

/**
 * The open connections of the process, counted against their caps. Where a cap is reached, the connection that has
 * been idle for longest makes room for the new one: clients keep connections open for more than a minute after they
 * have got all that they wanted.
 *
 * Everything in here is bounded by the number of open connections, and costs the same however many there are.
 */
export class OpenConnections {
  #caps: ConnectionCaps
  #trusts: TrustedProxies
  readonly #onReclaimed: () => void
  readonly #now: () => number
  readonly #clients = new Map<string, Client>()
  /** Those that might be closed, the longest idle first. */
  readonly #idle = new Set<Place>()
  #open = 0

  /** `now`: milliseconds of a monotonic clock. */
  constructor(
    caps: ConnectionCaps,
    trusts: TrustedProxies,
    onReclaimed: () => void,
    now: () => number = () => performance.now(),
  ) {
    this.#caps = caps
    this.#trusts = trusts
    this.#onReclaimed = onReclaimed
    this.#now = now
  }

  /** From now on. Connections that are open stay so, and count as they did. */
  resize(caps: ConnectionCaps, trusts: TrustedProxies): void {
    this.#caps = caps
    this.#trusts = trusts
  }

  get open(): number {
    return this.#open
  }

  /** Clients that have a connection open. */
  get clients(): number {
    return this.#clients.size
  }

  /** Counts the connection until it is closed; or says why it cannot be had, and leaves it alone. */
  admit(connection: Connection): CapReason | null {
    const { socket } = connection
    const client = this.#clientOf(socket.remoteAddress)
    const { total, perClient } = this.#caps
    if (client.capped && client.open >= perClient && !this.#reclaim(client.idle)) return 'client'
    if (this.#open >= total && !this.#reclaim(this.#idle)) return 'total'
    this.#clients.set(client.key, client)
    this.#open++
    client.open++
    const place = new Place(connection, client, this.#idle, this.#now)
    connection.watcher = place
    place.idle()
    socket.once('close', () => this.#leave(place))
    return null
  }

  /** A peer that has gone already has no address; trusted proxies speak for many clients. */
  #clientOf(remoteAddress: string | undefined): Client {
    const address = parseAddress(remoteAddress ?? '')
    const capped = address !== null && !this.#trusts(address)
    const key = capped ? address.key : ''
    return this.#clients.get(key) ?? { key, capped, open: 0, idle: new Set() }
  }

  #reclaim(idle: ReadonlySet<Place>): boolean {
    const before = this.#now() - restBeforeReclaim
    for (const place of idle) {
      if (place.since > before) return false
      // The next request has begun to arrive: it counts as idle again only after its answer.
      if (!place.isQuiet) {
        place.busy()
        continue
      }
      this.#leave(place)
      place.connection.socket.destroy()
      this.#onReclaimed()
      return true
    }
    return false
  }

  #leave(place: Place): void {
    if (place.left) return
    place.left = true
    place.busy()
    this.#open--
    const { client } = place
    if (--client.open === 0) this.#clients.delete(client.key)
  }
}

/** What one open connection is to the caps. */
class Place implements Watcher {
  readonly connection: Connection
  readonly client: Client
  readonly #idle: Set<Place>
  readonly #now: () => number
  /** When it became idle, on the monotonic clock. */
  since = 0
  left = false
  #bytes = 0

  constructor(connection: Connection, client: Client, idle: Set<Place>, now: () => number) {
    this.connection = connection
    this.client = client
    this.#idle = idle
    this.#now = now
  }

  /** Nothing has come since it became idle. */
  get isQuiet(): boolean {
    return this.connection.socket.bytesRead === this.#bytes
  }

  idle(): void {
    if (this.left) return
    this.since = this.#now()
    this.#bytes = this.connection.socket.bytesRead
    this.#idle.add(this)
    this.client.idle.add(this)
  }

  busy(): void {
    this.#idle.delete(this)
    this.client.idle.delete(this)
  }
}
