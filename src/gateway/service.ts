import type { Server } from 'node:http'
import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import { announceConfiguration } from '../metrics/registry.ts'
import type { Readiness } from '../operations/readiness.ts'
import { InFlight } from '../path/1-connection/in-flight.ts'
import { type Address, closeServers, drain, listenAll } from '../path/1-connection/listeners.ts'
import { createHttpServer } from '../path/1-connection/server.ts'
import { compileTrustedProxies } from '../path/1-connection/trusted-proxies.ts'
import { compileRoutes, type RouteTable } from '../path/2-route/table.ts'
import { createRecorder } from '../path/9-record/recorder.ts'
import { type Surroundings, serveExchange } from '../path/lifecycle.ts'
import { serveMalformed } from '../path/malformed.ts'
import { serveUpgrade } from '../path/upgrade.ts'
import { answerUploadPolicy } from '../upload-policy/answer.ts'
import { limitConnections } from './limit-connections.ts'
import { readiness } from './readiness.ts'
import type { Resources } from './resources.ts'

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

/** Rejects, with the listeners closed again, where an address cannot be had. */
export async function startService(snapshot: Snapshot, opened: Resources, log: Logger): Promise<Service> {
  const { configuration } = snapshot
  const { metrics, limiter, turns, hold, permits, inspection, scanners, backends, quarantine } = opened
  announceConfiguration(metrics, snapshot.hash)
  metrics.holdMemoryLimit.set(hold.memory.limit)
  metrics.holdSpoolLimit.set(hold.spool.limit)
  const stopping = new AbortController()
  const surroundings = surround(snapshot, opened, stopping.signal, log)
  const inFlight = new InFlight()
  const { headers, connections, uploads } = configuration.admission
  metrics.uploadSlotsLimit.set(uploads.active)
  const servers = configuration.listeners.map(() => createServer(surroundings, headers, inFlight))
  const { trusted } = surroundings
  const caps = { ...connections, total: opened.openFiles.connections }
  servers.forEach(limitConnections({ caps, trusted, metrics, log }))
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
      limiter.collect()
      permits.collect()
      metrics.turnsWaiting.set(turns.waiting)
      metrics.turnsBudget.set(turns.budget)
      scanners.collect()
      backends.collect()
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
  const routes = routesOf(snapshot)
  return {
    hash: snapshot.hash,
    routes,
    upstreams: opened.backends.upstreams,
    trusted: compileTrustedProxies(clients.trustedProxies),
    pace: admission.body,
    limiter: opened.limiter,
    hold: opened.hold,
    permits: opened.permits,
    turns: opened.turns,
    examiners: { inspection: opened.inspection, scanners: opened.scanners },
    uploadPolicy: clients.uploadPolicy
      ? answerUploadPolicy(routes, (request, { index }) => opened.limiter.look(index, request))
      : null,
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
