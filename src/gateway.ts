import type { Logger } from 'pino'
import type { Changes } from './changes/changes.ts'
import { type Changed, type ChangeWay, type Configured, changeInPlace } from './gateway/change.ts'
import { openGatewayChanges } from './gateway/open-changes.ts'
import { openProcessResources, type ProcessResources } from './gateway/process-resources.ts'
import { Service } from './gateway/service.ts'
import { type Operations, startOperations } from './operations/listener.ts'
import type { Address } from './path/1-connection/listeners.ts'

export interface Gateway {
  /** Where it listens, in the order of the configuration that is in force. */
  readonly addresses: readonly Address[]
  readonly operations: Address
  /** For log rotation. */
  readonly reopenAudit: () => void
  /**
   * Opens and proves another configuration beside the one in force, and puts it in its place: new requests get it, those
   * in flight end under theirs. Where something of it cannot be had, nothing changes. One at a time.
   */
  readonly change: (next: Configured, way: ChangeWay) => Promise<Changed>
  /** The ways of operators to do that, with a record of it; null where they have none. */
  readonly changes: Changes | null
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

export interface GatewayOptions {
  readonly log: Logger
  readonly version: string
  /** What configurations may refer to; null where nobody is to change this one. */
  readonly env: NodeJS.ProcessEnv | null
}

/**
 * The composition root: opens all that a configuration needs and puts it together. Rejects, with everything closed
 * again, where an address, the spool or the audit file cannot be had.
 */
export async function startGateway(configured: Configured, options: GatewayOptions): Promise<Gateway> {
  const { log, version, env } = options
  const { snapshot } = configured
  let inForce = configured
  await using opened = new AsyncDisposableStack()
  const ofProcess = opened.adopt(
    await openProcessResources(snapshot, {
      version,
      log,
      role: {
        destinations: (ended) => {
          const { current } = service
          void current.inFlight.track(ended)
          return { upstreams: current.opened.backends.upstreams, policies: current.snapshot.policies }
        },
      },
    }),
    ({ close }) => close(),
  )
  const service = new Service({ ofProcess, sharedLimits: null, log })
  await service.start(snapshot)
  opened.defer(() => service.abandon())
  let stopped: Promise<number> | null = null
  const change = async (next: Configured, way: ChangeWay): Promise<Changed> => {
    if (stopped !== null) return { changed: false, why: 'the gateway is stopping' }
    const outcome = await changeInPlace(inForce.snapshot, next.snapshot, async () =>
      (await service.prepare(next.snapshot, way)).commit(),
    )
    if (outcome.changed) inForce = next
    return outcome
  }
  const { metrics } = ofProcess
  const changes =
    env === null
      ? null
      : opened.adopt(
          await openGatewayChanges(
            { loaded: () => inForce, change, settle: () => service.settle() },
            { env, metrics, log, readSeries: async () => (await metrics.report({ scraped: false })).own },
          ),
          ({ close }) => close(),
        )
  const operations = opened.adopt(await openOperations(ofProcess, service, changes), ({ close }) => close())
  metrics.workers.set(1)
  const owned = opened.move()
  const stop = async (): Promise<number> => {
    const ended = await service.drain()
    await owned.disposeAsync()
    return ended
  }
  return {
    get addresses() {
      return service.addresses
    },
    operations: operations.address,
    reopenAudit: () => ofProcess.audit?.reopen(),
    change,
    changes,
    remaining: async () => service.remaining,
    close: () => (stopped ??= stop()),
    abandon: null,
  }
}

function openOperations(
  { metrics, quarantine }: ProcessResources,
  service: Service,
  changes: Changes | null,
): Promise<Operations> {
  const render = (): Promise<string> => {
    service.collect()
    return metrics.render()
  }
  const { address } = service.current.snapshot.configuration.operations
  return startOperations({
    address,
    get token() {
      return service.current.snapshot.configuration.operations.token
    },
    metrics: { contentType: metrics.contentType, render },
    ready: () => service.ready(),
    quarantine: quarantine?.review ?? null,
    changes,
  })
}
