import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import { type Changed, type ChangeWay, type Configured, changeInPlace } from '../gateway/change.ts'
import { openGatewayChanges } from '../gateway/open-changes.ts'
import { type OwnQuarantine, openQuarantine } from '../gateway/quarantine.ts'
import type { Gateway } from '../gateway.ts'
import { createMemoryStore } from '../limits/memory-store.ts'
import type { LimitStore } from '../limits/store.ts'
import { announceConfiguration, createMetrics, type Metrics } from '../metrics/registry.ts'
import { startOperations } from '../operations/listener.ts'
import { openSharedAuditFile, type SharedAuditFile } from './audit-file.ts'
import { serveEntryRoom } from './entry-room.ts'
import { Fleet } from './fleet.ts'
import { fleetReadiness } from './fleet-readiness.ts'
import { serveLimitStore } from './limit-store.ts'
import type { Services } from './member.ts'
import { ReviewDestinations } from './review-destinations.ts'
import { countedByFleet, scrapeFleet } from './scrape.ts'

export interface PrimaryOptions extends Configured {
  readonly env: NodeJS.ProcessEnv
  readonly workers: number
  readonly log: Logger
  readonly version: string
  /** As of the fleet; absent but in tests. */
  readonly longestSilence?: number
}

/** What the primary has, and workers ask for. */
interface Shared {
  readonly audit: SharedAuditFile | null
  readonly quarantine: OwnQuarantine | null
  readonly destinations: ReviewDestinations
  /** Asked by workers that have no Redis. */
  readonly limits: LimitStore
}

/**
 * The gateway as a primary with several workers: they serve clients, it serves operators and has what there must be one
 * of. Rejects, with everything closed again, where it or a worker cannot start.
 */
export async function startPrimary(options: PrimaryOptions): Promise<Gateway> {
  const { snapshot, material, env, workers, log, version } = options
  const { configuration } = snapshot
  let inForce: Configured = { snapshot, material }
  // There are none before the workers serve.
  let changes: Gateway['changes'] = null
  await using opened = new AsyncDisposableStack()
  const metrics = opened.adopt(createMetrics({ version }), ({ stop }) => stop())
  announceConfiguration(metrics, snapshot.hash)
  const shared = await openShared(snapshot, opened, { metrics, log })
  const fleet = opened.adopt(
    new Fleet({
      workers,
      material,
      env,
      log,
      services: () => servicesOf(shared),
      onReplaced: () => metrics.workerRestarts.inc(),
      ...(options.longestSilence !== undefined && { longestSilence: options.longestSilence }),
    }),
    (fleet) => fleet.abandon(),
  )
  let stopped: Promise<number> | null = null
  const change = async (next: Configured, way: ChangeWay): Promise<Changed> => {
    if (stopped !== null) return { changed: false, why: 'the gateway is stopping' }
    return changeInPlace(inForce.snapshot, next.snapshot, async () => {
      await fleet.change(next.material, way)
      shared.destinations.use(next.snapshot)
      inForce = next
      announceConfiguration(metrics, next.snapshot.hash)
    })
  }
  const operations = opened.adopt(
    await startOperations({
      address: configuration.operations.address,
      get token() {
        return inForce.snapshot.configuration.operations.token
      },
      metrics: { contentType: metrics.contentType, render: () => scrapeFleet(fleet, metrics, shared.quarantine) },
      ready: () => fleetReadiness(fleet),
      quarantine: shared.quarantine?.review ?? null,
      get changes() {
        return changes
      },
    }),
    ({ close }) => close(),
  )
  await fleet.start()
  log.info({ workers }, 'workers are serving')
  changes = opened.adopt(
    await openGatewayChanges(
      { loaded: () => inForce, change, settle: () => fleet.settle() },
      { env, metrics, log, readSeries: () => countedByFleet(fleet) },
    ),
    close,
  )
  const owned = opened.move()
  const stop = async (): Promise<number> => {
    metrics.draining.set(1)
    const ended = await fleet.stop(inForce.snapshot.configuration.process.drain)
    await owned.disposeAsync()
    return ended
  }
  return {
    get addresses() {
      return fleet.addresses
    },
    operations: operations.address,
    reopenAudit: () => shared.audit?.reopen(),
    change,
    changes,
    remaining: () => fleet.remaining(),
    close: () => (stopped ??= stop()),
    abandon: () => void fleet.abandon(),
  }
}

type Surroundings = { readonly metrics: Metrics; readonly log: Logger }

async function openShared(
  snapshot: Snapshot,
  opened: AsyncDisposableStack,
  { metrics, log }: Surroundings,
): Promise<Shared> {
  const { audit } = snapshot.configuration
  const file = audit.file === null ? null : opened.adopt(await openSharedAuditFile(audit.file), close)
  const limits = opened.adopt(createMemoryStore(), close)
  const destinations = opened.adopt(new ReviewDestinations(snapshot), close)
  const reviewed = await openQuarantine(snapshot.configuration, { destinations: destinations.take, metrics, log })
  if (reviewed !== null) opened.adopt(reviewed, close)
  return { audit: file, quarantine: reviewed, destinations, limits }
}

function close(resource: { readonly close: () => Promise<void> }): Promise<void> {
  return resource.close()
}

/** For one worker; what it leaves behind when it dies is given back. */
function servicesOf({ audit, quarantine, limits }: Shared): Services {
  const rooms = serveEntryRoom(quarantine?.room ?? null)
  const stores = serveLimitStore(limits)
  return {
    handlers: {
      ...rooms.handlers,
      ...stores.handlers,
      appendAudit(lines) {
        if (audit === null) throw new Error('there is no audit file')
        return audit.append(lines)
      },
    },
    end() {
      rooms.end()
      stores.end()
    },
  }
}
