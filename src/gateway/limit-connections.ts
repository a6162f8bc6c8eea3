import type { Server } from 'node:http'
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

export interface ConnectionSurroundings {
  readonly caps: ConnectionCaps
  readonly trusted: TrustedProxies
  readonly metrics: Metrics
  readonly log: Pick<Logger, 'warn'>
}

/** What holds all listeners of the process to one set of caps; to be applied to each before it listens. */
export function limitConnections({ caps, trusted, metrics, log }: ConnectionSurroundings): (server: Server) => void {
  const open = new OpenConnections(caps, trusted, () => metrics.connectionsReclaimed.inc())
  metrics.connectionsLimit.set(caps.total)
  const complain = complaints(log)
  return (server) =>
    gateConnections(server, (socket) => {
      // Reset before it was accepted: there is nobody to answer, and nobody who could be named or limited.
      if (socket.remoteAddress === undefined) {
        socket.destroy()
        return false
      }
      metrics.connectionsOpen.inc()
      socket.once('close', () => metrics.connectionsOpen.dec())
      const reason = open.admit(connectionOf(socket))
      if (reason === null) return true
      complain[reason](socket.remoteAddress ?? '')
      refuseConnection(socket, reason, metrics)
      return false
    })
}

/** A line for each connection of a flood would be a flood of its own. */
function complaints(log: Pick<Logger, 'warn'>): Readonly<Record<CapReason, (client: string) => void>> {
  const lines = capReasons.map((reason) => [
    reason,
    oncePerMinute((client: string) =>
      log.warn({ reason, client }, 'connections are refused: their number is at its cap'),
    ),
  ])
  return Object.fromEntries(lines)
}
