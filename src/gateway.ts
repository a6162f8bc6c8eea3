import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { Logger } from 'pino'
import type { Snapshot } from './config/snapshot.ts'
import { announceConfiguration, createMetrics, type Metrics } from './metrics/registry.ts'
import { type Operations, startOperations } from './operations/listener.ts'
import type { Readiness } from './operations/readiness.ts'
import { InFlight } from './path/1-connection/in-flight.ts'
import { type Address, closeServers, drain, listenAll } from './path/1-connection/listeners.ts'
import { createHttpServer } from './path/1-connection/server.ts'
import { compileTrustedProxies } from './path/1-connection/trusted-proxies.ts'
import { compileRoutes, type RouteTable } from './path/2-route/table.ts'
import { type Inspection, openInspection } from './path/5-inspection/isolation/inspection.ts'
import { isSharpInstalled } from './path/5-inspection/rewriting/sharp-library.ts'
import { Hold } from './path/7-hold/hold.ts'
import { type Audit, openAudit } from './path/9-record/audit.ts'
import { createRecorder } from './path/9-record/recorder.ts'
import { type Surroundings, serveExchange } from './path/lifecycle.ts'
import { serveMalformed } from './path/malformed.ts'
import { serveUpgrade } from './path/upgrade.ts'
import { unpackingMost } from './policy/ceilings.ts'
import { openUpstream, type Upstream } from './upstream/upstream.ts'

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
  const metrics = createMetrics({ version })
  announceConfiguration(metrics, snapshot.hash)
  const opened = await openResources(snapshot, metrics, log)
  const stopping = new AbortController()
  const surroundings = surround(snapshot, opened, stopping.signal, log)
  const { configuration } = snapshot
  const inFlight = new InFlight()
  const servers = configuration.listeners.map(() =>
    createServer(surroundings, configuration.admission.headers, inFlight),
  )
  try {
    const addresses = await listenAll(servers, configuration.listeners)
    let draining = false
    const operations = await openOperations(snapshot, opened, () => draining)
    const stop = async (): Promise<void> => {
      draining = true
      await drain(servers, stopping, configuration.process.drain)
      await inFlight.settled(lastRecords)
      await operations.close()
      await closeResources(opened)
    }
    let stopped: Promise<void> | null = null
    const close = (): Promise<void> => {
      stopped ??= stop()
      return stopped
    }
    return { addresses, operations: operations.address, reopenAudit: () => opened.audit?.reopen(), close }
  } catch (error) {
    await closeServers(servers)
    await closeResources(opened)
    throw error
  }
}

/** Milliseconds for the first thread of inspection to be there. */
const longestStart = 30_000

/** Milliseconds for requests that were cut off to be recorded, before the audit file is closed. */
const lastRecords = 5000

interface Resources {
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly audit: Audit | null
  readonly metrics: Metrics
  readonly hold: Hold
  readonly inspection: Inspection
}

async function openResources(
  { configuration, upstreams, policies }: Snapshot,
  metrics: Metrics,
  log: Logger,
): Promise<Resources> {
  const { hold, audit, inspection: limits } = configuration
  const inspection = openInspection(limits, (reason, err) => {
    metrics.inspectionsEnded.of({ reason }).inc()
    // A file that breaks a parser is a defect of the parser; one that takes too long is the client's doing.
    if (reason === 'crash') log.error({ err }, 'an inspection failed')
  })
  try {
    await access(hold.spool.directory, constants.W_OK | constants.X_OK)
    await proveInspection(inspection, policies)
    return {
      metrics,
      hold: new Hold(hold),
      audit: audit.file === null ? null : await openAudit({ file: audit.file, metrics, log }),
      inspection,
      upstreams: new Map([...upstreams].map(([name, upstream]) => [name, openUpstream({ name, ...upstream })])),
    }
  } catch (error) {
    await inspection.close()
    metrics.stop()
    throw error
  }
}

/** Finds out before the first upload that threads start, and that what the policies ask for is installed. */
async function proveInspection(inspection: Inspection, policies: Snapshot['policies']): Promise<void> {
  const nothing = { size: 0, read: () => Promise.resolve(Buffer.alloc(0)) }
  const found = await inspection.inspect(nothing, '', unpackingMost, AbortSignal.timeout(longestStart))
  if ('failed' in found || found.content.uncovered.length > 0)
    throw new Error('threads for inspection cannot be started')
  const reencoding = [...policies.values()].find(({ files }) => files.image.metadata === 'reencode')
  if (reencoding === undefined || isSharpInstalled()) return
  throw new Error(
    `policy ${reencoding.name} has image.metadata: reencode, which needs the package sharp: npm install sharp`,
  )
}

async function closeResources({ upstreams, audit, inspection, metrics }: Resources): Promise<void> {
  await Promise.all([...upstreams.values()].map((upstream) => upstream.destroy()))
  await inspection.close()
  await audit?.close()
  metrics.stop()
}

function surround(snapshot: Snapshot, opened: Resources, stopping: AbortSignal, log: Logger): Surroundings {
  const { admission, clients } = snapshot.configuration
  return {
    hash: snapshot.hash,
    routes: routesOf(snapshot),
    upstreams: opened.upstreams,
    trusted: compileTrustedProxies(clients.trustedProxies),
    pace: admission.body,
    hold: opened.hold,
    inspection: opened.inspection,
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

function openOperations({ configuration }: Snapshot, opened: Resources, draining: () => boolean): Promise<Operations> {
  const { metrics, hold, inspection } = opened
  metrics.holdMemoryLimit.set(hold.memory.limit)
  metrics.holdSpoolLimit.set(hold.spool.limit)
  const render = (): Promise<string> => {
    metrics.holdMemory.set(hold.memory.used)
    metrics.holdSpool.set(hold.spool.used)
    metrics.inspectionQueue.set(inspection.waiting)
    return metrics.render()
  }
  const exposed = { contentType: metrics.contentType, render }
  return startOperations({ ...configuration.operations, metrics: exposed, ready: () => readiness(hold, draining()) })
}

async function readiness(hold: Hold, draining: boolean): Promise<Readiness> {
  const spool = await access(hold.directory, constants.W_OK | constants.X_OK).then(
    () => ({ name: 'spool', ok: true }),
    (error: Error) => ({ name: 'spool', ok: false, detail: error.message }),
  )
  return { ready: spool.ok && !draining, checks: [spool, { name: 'draining', ok: !draining }] }
}
