import type { Server } from 'node:http'
import type { Logger } from 'pino'
import type { Snapshot } from './config/snapshot.ts'
import { limitConnections } from './gateway/limit-connections.ts'
import { readiness } from './gateway/readiness.ts'
import { openResources, type Resources } from './gateway/resources.ts'
import { announceConfiguration } from './metrics/registry.ts'
import { type Operations, startOperations } from './operations/listener.ts'
import { InFlight } from './path/1-connection/in-flight.ts'
import { type Address, closeServers, drain, listenAll } from './path/1-connection/listeners.ts'
import { createHttpServer } from './path/1-connection/server.ts'
import { compileTrustedProxies } from './path/1-connection/trusted-proxies.ts'
import { compileRoutes, type RouteTable } from './path/2-route/table.ts'
import { createRecorder } from './path/9-record/recorder.ts'
import { type Surroundings, serveExchange } from './path/lifecycle.ts'
import { serveMalformed } from './path/malformed.ts'
import { serveUpgrade } from './path/upgrade.ts'

export interface Gateway {
  /** Where it listens, in the order of the configuration. */
  readonly addresses: readonly Address[]
  readonly operations: Address
  /** For log rotation. */
  readonly reopenAudit: () => void
  /** Stops accepting, lets requests in flight end until process.drain is over, then ends them. Resolves when all is closed. */
  readonly close: () => Promise<void>
}

/**
 * The composition root: opens all that a configuration needs and puts it together. Rejects, with everything closed
 * again, where an address, the spool or the audit file cannot be had.
 */
export async function startGateway(snapshot: Snapshot, log: Logger, version: string): Promise<Gateway> {
  const opened = await openResources(snapshot, version, log)
  announceConfiguration(opened.metrics, snapshot.hash)
  const stopping = new AbortController()
  const surroundings = surround(snapshot, opened, stopping.signal, log)
  const { configuration } = snapshot
  const inFlight = new InFlight()
  const servers = configuration.listeners.map(() =>
    createServer(surroundings, configuration.admission.headers, inFlight),
  )
  const { trusted } = surroundings
  const caps = { ...configuration.admission.connections, total: opened.openFiles.connections }
  servers.forEach(limitConnections({ caps, trusted, metrics: opened.metrics, log }))
  try {
    const addresses = await listenAll(servers, configuration.listeners)
    let draining = false
    const operations = await openOperations(snapshot, opened, () => draining)
    const stop = async (): Promise<void> => {
      draining = true
      await drain(servers, stopping, configuration.process.drain)
      await inFlight.settled(lastRecords)
      await operations.close()
      await opened.close()
    }
    let stopped: Promise<void> | null = null
    const close = (): Promise<void> => {
      stopped ??= stop()
      return stopped
    }
    return { addresses, operations: operations.address, reopenAudit: () => opened.audit?.reopen(), close }
  } catch (error) {
    await closeServers(servers)
    await opened.close()
    throw error
  }
}

/** Milliseconds for requests that were cut off to be recorded, before the audit file is closed. */
const lastRecords = 5000

function surround(snapshot: Snapshot, opened: Resources, stopping: AbortSignal, log: Logger): Surroundings {
  const { admission, clients } = snapshot.configuration
  return {
    hash: snapshot.hash,
    routes: routesOf(snapshot),
    upstreams: opened.upstreams,
    trusted: compileTrustedProxies(clients.trustedProxies),
    pace: admission.body,
    hold: opened.hold,
    examiners: { inspection: opened.inspection, scanners: opened.scanners },
    keepForReview: opened.quarantine?.keepForReview ?? null,
    metrics: opened.metrics,
    record: createRecorder({ audit: opened.audit, metrics: opened.metrics, log }),
    onFault: (err) => log.error({ err }, 'a request met a fault of the gateway'),
    stopping,
  }
}

function routesOf({ configuration, policies }: Snapshot): RouteTable {
  return compileRoutes(
    configuration.routes.map((route) => ({
      ...route,
      policy: route.policy === null ? null : (policies.get(route.policy) ?? null),
    })),
  )
}

function createServer(surroundings: Surroundings, headers: number, inFlight: InFlight): Server {
  const server = createHttpServer(
    { headers },
    {
      exchange: (exchange) => {
        // While the gateway drains, the client is told not to come back on this connection.
        if (!server.listening) exchange.response.shouldKeepAlive = false
        return inFlight.track(serveExchange(exchange, surroundings))
      },
      upgrade: (message, socket, head) => inFlight.track(serveUpgrade({ message, socket, head }, surroundings)),
      malformed: (connection, reason) => serveMalformed(connection, reason, surroundings),
    },
  )
  return server
}

function openOperations({ configuration }: Snapshot, opened: Resources, draining: () => boolean): Promise<Operations> {
  const { metrics, hold, inspection, scanners, quarantine } = opened
  metrics.holdMemoryLimit.set(hold.memory.limit)
  metrics.holdSpoolLimit.set(hold.spool.limit)
  const render = (): Promise<string> => {
    metrics.holdMemory.set(hold.memory.used)
    metrics.holdSpool.set(hold.spool.used)
    metrics.inspectionQueue.set(inspection.waiting)
    scanners.collect()
    quarantine?.collect()
    return metrics.render()
  }
  const exposed = { contentType: metrics.contentType, render }
  return startOperations({
    ...configuration.operations,
    metrics: exposed,
    ready: () => readiness(opened, draining()),
    quarantine: quarantine?.review ?? null,
  })
}
