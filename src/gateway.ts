import type { Server } from 'node:http'
import type { Logger } from 'pino'
import type { Snapshot } from './config/snapshot.ts'
import { readiness } from './gateway/readiness.ts'
import { openResources, type Resources } from './gateway/resources.ts'
import { announceConfiguration } from './metrics/registry.ts'
import { type Operations, startOperations } from './operations/listener.ts'
import type { Readiness } from './operations/readiness.ts'
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
  /** Requests that are in flight, tunnels included. */
  readonly remaining: () => Promise<number>
  /**
   * Stops accepting, lets requests in flight end until process.drain is over, then ends them. Resolves when all is
   * closed, to the number of those that were ended.
   */
  readonly close: () => Promise<number>
  /** Ends its other processes at once; null where it has none. */
  readonly abandon: (() => void) | null
}

/** The listeners for clients, with all that serves them. */
export interface Service {
  readonly addresses: readonly Address[]
  readonly ready: () => Promise<Readiness>
  /** Brings the gauges up to date. */
  readonly collect: () => void
  readonly remaining: () => number
  /** As `close` of the gateway; the resources stay open. */
  readonly drain: () => Promise<number>
  /** Closes all listeners and connections at once. */
  readonly abandon: () => Promise<void>
}

/**
 * The composition root: opens all that a configuration needs and puts it together. Rejects, with everything closed
 * again, where an address, the spool or the audit file cannot be had.
 */
export async function startGateway(snapshot: Snapshot, log: Logger, version: string): Promise<Gateway> {
  const opened = await openResources(snapshot, version, log, null)
  try {
    const service = await startService(snapshot, opened, log)
    const operations = await openOperations(snapshot, opened, service).catch(async (error: unknown) => {
      await service.abandon()
      throw error
    })
    opened.metrics.workers.set(1)
    const stop = async (): Promise<number> => {
      const ended = await service.drain()
      await operations.close()
      await opened.close()
      return ended
    }
    let stopped: Promise<number> | null = null
    return {
      addresses: service.addresses,
      operations: operations.address,
      reopenAudit: () => opened.audit?.reopen(),
      remaining: async () => service.remaining(),
      close: () => (stopped ??= stop()),
      abandon: null,
    }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Rejects, with the listeners closed again, where an address cannot be had. */
export async function startService(snapshot: Snapshot, opened: Resources, log: Logger): Promise<Service> {
  const { configuration } = snapshot
  const { metrics, hold, inspection, scanners, quarantine } = opened
  announceConfiguration(metrics, snapshot.hash)
  metrics.holdMemoryLimit.set(hold.memory.limit)
  metrics.holdSpoolLimit.set(hold.spool.limit)
  const stopping = new AbortController()
  const surroundings = surround(snapshot, opened, stopping.signal, log)
  const inFlight = new InFlight()
  const servers = configuration.listeners.map(() =>
    createServer(surroundings, configuration.admission.headers, inFlight),
  )
  const addresses = await listenAll(servers, configuration.listeners).catch(async (error: unknown) => {
    await closeServers(servers)
    throw error
  })
  let draining = false
  return {
    addresses,
    ready: () => readiness(opened, draining),
    remaining: () => inFlight.size,
    collect() {
      metrics.holdMemory.set(hold.memory.used)
      metrics.holdSpool.set(hold.spool.used)
      metrics.inspectionQueue.set(inspection.waiting)
      metrics.drainRemaining.set(draining ? inFlight.size : 0)
      scanners.collect()
      quarantine?.collect()
    },
    async drain() {
      draining = true
      metrics.draining.set(1)
      let ended = 0
      stopping.signal.addEventListener('abort', () => (ended = inFlight.size))
      await drain(servers, stopping, configuration.process.drain)
      await inFlight.settled(lastRecords)
      return ended
    },
    abandon: () => closeServers(servers),
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
  const { connectionsOpen } = surroundings.metrics
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
  return server.on('connection', (socket) => {
    connectionsOpen.inc()
    socket.once('close', () => connectionsOpen.dec())
  })
}

function openOperations({ configuration }: Snapshot, opened: Resources, service: Service): Promise<Operations> {
  const { metrics, quarantine } = opened
  const render = (): Promise<string> => {
    service.collect()
    return metrics.render()
  }
  return startOperations({
    ...configuration.operations,
    metrics: { contentType: metrics.contentType, render },
    ready: service.ready,
    quarantine: quarantine?.review ?? null,
  })
}
