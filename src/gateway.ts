import type { Logger } from 'pino'
import type { Loaded } from './config/load.ts'
import type { Snapshot } from './config/snapshot.ts'
import { type Changed, changeInPlace } from './gateway/change.ts'
import { openProcessResources, type ProcessResources } from './gateway/process-resources.ts'
import { Service } from './gateway/service.ts'
import { type Operations, startOperations } from './operations/listener.ts'
import type { Address } from './path/1-connection/listeners.ts'

/** A configuration that was read without a fault. */
export type Ready = Extract<Loaded, { readonly ok: true }>

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
  readonly change: (next: Pick<Ready, 'snapshot' | 'material'>) => Promise<Changed>
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

/**
 * The composition root: opens all that a configuration needs and puts it together. Rejects, with everything closed
 * again, where an address, the spool or the audit file cannot be had.
 */
export async function startGateway(snapshot: Snapshot, log: Logger, version: string): Promise<Gateway> {
  await using opened = new AsyncDisposableStack()
  const ofProcess = opened.adopt(
    await openProcessResources(snapshot, {
      version,
      log,
      shared: null,
      destinations: (ended) => {
        const { current } = service
        void current.inFlight.track(ended)
        return { upstreams: current.opened.backends.upstreams, policies: current.snapshot.policies }
      },
    }),
    ({ close }) => close(),
  )
  const service = new Service({ ofProcess, sharedLimits: null, log })
  await service.start(snapshot)
  const operations = await openOperations(ofProcess, service).catch(async (error: unknown) => {
    await service.abandon()
    throw error
  })
  ofProcess.metrics.workers.set(1)
  const owned = opened.move()
  const stop = async (): Promise<number> => {
    const ended = await service.drain()
    await operations.close()
    await owned.disposeAsync()
    return ended
  }
  let stopped: Promise<number> | null = null
  return {
    get addresses() {
      return service.addresses
    },
    operations: operations.address,
    reopenAudit: () => ofProcess.audit?.reopen(),
    change: ({ snapshot: next }) =>
      changeInPlace(service.current.snapshot, next, async () => (await service.prepare(next)).commit()),
    remaining: async () => service.remaining,
    close: () => (stopped ??= stop()),
    abandon: null,
  }
}

function openOperations({ metrics, quarantine }: ProcessResources, service: Service): Promise<Operations> {
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
    changes: null,
  })
}
