import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics/registry.ts'
import { oncePerMinute } from '../once-per-minute.ts'
import { connectionOf } from '../path/1-connection/connection.ts'
import { gateConnections } from '../path/1-connection/gate.ts'
import {
  type CapReason,
  type ConnectionCaps,
  capReasons,
  OpenConnections,
} from '../path/1-connection/open-connections.ts'
import type { TrustedProxies } from '../path/1-connection/trusted-proxies.ts'
import { refuseConnection } from '../path/refuse-connection.ts'

/** Holds all listeners of the process to one set of caps. */
export class ConnectionGate {
  readonly #metrics: Metrics
  readonly #open: OpenConnections
  readonly #complain: Complaints

  constructor(metrics: Metrics, log: Pick<Logger, 'warn'>) {
    this.#metrics = metrics
    this.#open = new OpenConnections(
      none,
      () => false,
      () => metrics.connectionsReclaimed.inc(),
    )
    this.#complain = complaints(log)
  }

  /** There are no connections before this was called. */
  resize(caps: ConnectionCaps, trusted: TrustedProxies): void {
    this.#open.resize(caps, trusted)
    this.#metrics.connectionsLimit.set(caps.total)
  }

  /** To be applied to each server before it listens. */
  guard(server: Server): void {
    gateConnections(server, (socket) => this.#admits(socket))
  }

  #admits(socket: Socket): boolean {
    // Reset before it was accepted: there is nobody to answer, and nobody who could be named or limited.
    if (socket.remoteAddress === undefined) {
      socket.destroy()
      return false
    }
    const metrics = this.#metrics
    metrics.connectionsOpen.inc()
    socket.once('close', () => metrics.connectionsOpen.dec())
    const reason = this.#open.admit(connectionOf(socket))
    if (reason === null) return true
    this.#complain[reason](socket.remoteAddress ?? '')
    refuseConnection(socket, reason, metrics)
    return false
  }
}

const none: ConnectionCaps = { total: 0, perClient: 0 }

type Complaints = Readonly<Record<CapReason, (client: string) => void>>

/** A line for each connection of a flood would be a flood of its own. */
function complaints(log: Pick<Logger, 'warn'>): Complaints {
  const lines = capReasons.map((reason) => [
    reason,
    oncePerMinute((client: string) =>
      log.warn({ reason, client }, 'connections are refused: their number is at its cap'),
    ),
  ])
  return Object.fromEntries(lines)
}
