import type { Logger } from 'pino'
import type { Snapshot } from './config/snapshot.ts'
import { openResources, type Resources } from './gateway/resources.ts'
import { type Service, startService } from './gateway/service.ts'
import { type Operations, startOperations } from './operations/listener.ts'
import type { Address } from './path/1-connection/listeners.ts'

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
