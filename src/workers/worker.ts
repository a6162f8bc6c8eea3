import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { loadMaterial, type Material } from '../config/load.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { explainStart } from '../gateway/explain-start.ts'
import { openProcessResources, type ProcessResources, type SharedResources } from '../gateway/process-resources.ts'
import { type Prepared, Service } from '../gateway/service.ts'
import { createLogger } from '../log.ts'
import { auditFileOf } from './audit-file.ts'
import { entryRoomOf } from './entry-room.ts'
import { limitStoreOf } from './limit-store.ts'
import type { Beginning, NumberedReport, PrimaryQuestions, WorkerQuestions } from './messages.ts'
import { openPeer, type Peer } from './peer.ts'
import { workerShare } from './share.ts'

/** Milliseconds between two reports: so much of what it counted is lost with a worker that is killed. */
const reportEvery = 1000
/** Milliseconds for the primary to say what to do. */
const longestHello = 30_000
/** Milliseconds, on top of process.drain, after which a worker without a primary ends whatever it still does. */
const lastMoments = 20_000

type Primary = Peer<PrimaryQuestions>

/** What runs, once it does. */
interface Running {
  readonly workers: number
  readonly ofProcess: ProcessResources
  readonly service: Service
  /** What the primary has asked for, and has not decided on. */
  prepared: Prepared | null
}

/** Serves clients until the primary says that it is enough, or is gone. The result is the exit code. */
export async function serveAsWorker(version: string): Promise<number> {
  leaveSignalsToPrimary()
  let running: Running | null = null
  const draining = Promise.withResolvers<void>()
  const primary: Primary = openPeer<PrimaryQuestions, WorkerQuestions>(process, {
    metrics: () => tell(running, true),
    readiness: () => running?.service.ready() ?? { ready: false, checks: [] },
    remaining: () => running?.service.remaining ?? 0,
    prepareChange: (change) => (running === null ? 'the worker is not running' : prepare(running, change)),
    commitChange: () => {
      takePrepared(running)?.commit()
      if (running !== null) primary.tell('ready', running.service.addresses)
    },
    settleChange: () => running?.service.settle(),
    discardChange: async () => takePrepared(running)?.discard(),
    drain: () => draining.resolve(),
  })
  outliveChannel()
  const reporting = startReporting(primary, () => tell(running, false))
  try {
    const beginning = await primary.ask('hello', null, { deadline: longestHello })
    const log = createLogger({ version, level: process.env['SLUICE_LOG'], worker: beginning.worker })
    running = await start(beginning, primary, version, log)
    if (running === null) return 1
    if (primary.gone.aborted) return 1
    const { service } = running
    const orphaned = (): void => {
      log.error('the primary is gone: no new connections are accepted')
      endAtLast(service.current.snapshot.configuration.process.drain)
      draining.resolve()
    }
    primary.gone.addEventListener('abort', orphaned)
    await draining.promise
    await stop(running, primary, reporting)
    primary.gone.removeEventListener('abort', orphaned)
    return 0
  } finally {
    await reporting.stop()
    await primary.flushed()
    if (process.connected) process.disconnect?.()
  }
}

async function start(beginning: Beginning, primary: Primary, version: string, log: Logger): Promise<Running | null> {
  const { material, workers } = beginning
  const snapshot = shareOf(material, workers)
  const { audit } = snapshot.configuration
  const shared: SharedResources = {
    workers,
    openAuditFile: audit.file === null ? null : async () => auditFileOf(primary),
    room: entryRoomOf(primary),
    limits: limitStoreOf(primary),
  }
  let ofProcess: ProcessResources | null = null
  try {
    ofProcess = await openProcessResources(snapshot, { version, log, role: { shared } })
    const sharedLimits = { store: shared.limits, processes: workers }
    const service = new Service({ ofProcess, sharedLimits, log })
    await service.start(snapshot)
    primary.tell('ready', service.addresses)
    return { workers, ofProcess, service, prepared: null }
  } catch (error) {
    await ofProcess?.close()
    if (!(error instanceof Error)) throw error
    log.debug({ err: error }, 'cannot start')
    primary.tell('cannotStart', explainStart(error, snapshot))
    return null
  }
}

/** What this worker may use of the configuration that the primary has read. */
function shareOf(material: Material, workers: number): Snapshot {
  const loaded = loadMaterial(material, process.env)
  if (!loaded.ok) throw new Error('the configuration of the primary cannot be read')
  const configuration = workerShare(loaded.snapshot.configuration, { workers, processors: availableParallelism() })
  return { ...loaded.snapshot, configuration }
}

/** A primary that has given up on an answer may ask again. */
async function prepare(
  running: Running,
  { material, way }: WorkerQuestions['prepareChange'][0],
): Promise<string | null> {
  await takePrepared(running)?.discard()
  const snapshot = shareOf(material, running.workers)
  try {
    running.prepared = await running.service.prepare(snapshot, way)
    return null
  } catch (error) {
    return explainStart(error instanceof Error ? error : new Error(String(error)), snapshot)
  }
}

function takePrepared(running: Running | null): Prepared | null {
  const prepared = running?.prepared ?? null
  if (running !== null) running.prepared = null
  return prepared
}

async function stop(running: Running, primary: Primary, reporting: Reporting): Promise<void> {
  const { service, ofProcess } = running
  // Nobody will decide on it any more, and its listeners would be open.
  await takePrepared(running)?.discard()
  const ended = await service.drain()
  await ofProcess.close()
  await reporting.stop()
  // Behind the last audit line, so that nothing of what was counted is missing.
  const report = await ofProcess.metrics.report({ scraped: false })
  await primary.ask('report', { order: Number.POSITIVE_INFINITY, report }, { deadline: reportEvery }).catch(() => {})
  primary.tell('stopped', ended)
}

let lastOrder = 0

async function tell(running: Running | null, scraped: boolean): Promise<NumberedReport> {
  const order = ++lastOrder
  if (running === null) return { order, report: { own: [], process: [] } }
  running.service.collect()
  return { order, report: await running.ofProcess.metrics.report({ scraped }) }
}

interface Reporting {
  /** Resolves when no report is under way, or the primary takes too long. */
  readonly stop: () => Promise<void>
}

/** The next report waits until the one before was taken: a primary that hangs must not fill the memory of its workers. */
function startReporting(primary: Primary, make: () => Promise<NumberedReport>): Reporting {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, primary.gone])
  const report = async (): Promise<void> => {
    while (!signal.aborted) {
      await primary.ask('report', await make(), { deadline: null }).catch(() => {})
      await delay(reportEvery, undefined, { ref: false, signal }).catch(() => {})
    }
  }
  const running = report()
  return {
    async stop() {
      over.abort()
      await Promise.race([running, delay(reportEvery, undefined, { ref: false })])
    },
  }
}

/** A terminal and service managers send them to all processes; it is the primary who says when a worker stops. */
function leaveSignalsToPrimary(): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => {})
}

/** Node would end a worker as soon as its primary is gone, and with it what is in flight. */
function outliveChannel(): void {
  cluster.worker?.once('disconnect', () => {
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true
  })
  // What Node says itself to a primary that has just died.
  process.on('error', () => {})
}

function endAtLast(drain: number): void {
  setTimeout(() => process.exit(1), drain + lastMoments).unref()
}
