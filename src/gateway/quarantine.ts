import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import { openLedger } from '../ledger/open-ledger.ts'
import type { Metrics } from '../metrics/registry.ts'
import { type KeepForReview, keeperFor } from '../path/8-quarantine/keep-for-review.ts'
import { openKeeperOf, openStore } from '../quarantine/open-store.ts'
import { createReview, type QuarantineReview, type ReviewOptions } from '../quarantine/review/review.ts'
import type { EntryRoom } from '../quarantine/room.ts'
import { startSweeping } from '../quarantine/sweeping.ts'

/** The quarantine, for the path of uploads and for the people who review. */
export interface Quarantine {
  readonly keepForReview: KeepForReview
  /** Null where another process has it. */
  readonly review: QuarantineReview | null
  /** Tells metrics how full it is. */
  readonly collect: () => void
  readonly close: () => Promise<void>
}

export type TakeDestinations = ReviewOptions['destinations']

interface Surroundings {
  readonly destinations: TakeDestinations
  readonly metrics: Metrics
  readonly log: Logger
}

/** With what belongs to one process of a gateway only: who goes, how full it is, and what people decide. */
export interface OwnQuarantine extends Quarantine {
  readonly review: QuarantineReview
  readonly room: EntryRoom
}

/** Null where the configuration has none. Rejects where the store or the ledger cannot be had. */
export async function openQuarantine(
  { quarantine, ledger }: Snapshot['configuration'],
  { destinations, metrics, log }: Surroundings,
): Promise<OwnQuarantine | null> {
  if (quarantine === null || ledger.file === null) return null
  const record = await openLedger({ file: ledger.file })
  const store = await openStore(quarantine)
  metrics.quarantineLimit.set(quarantine.size)
  const stopSweeping = startSweeping(store, metrics, log)
  const review = createReview({ store, ledger: record, destinations, metrics, log })
  return {
    keepForReview: keeperFor(store, metrics, log),
    review,
    room: store.room,
    collect() {
      metrics.quarantineEntries.set(store.usage.entries)
      metrics.quarantineBytes.set(store.usage.bytes)
    },
    async close() {
      await review.close()
      await stopSweeping()
      await store.close()
    },
  }
}

/** Keeps entries only, in the room that another process has. */
export async function openQuarantineFor(
  { quarantine }: Snapshot['configuration'],
  room: EntryRoom,
  { metrics, log }: Omit<Surroundings, 'destinations'>,
): Promise<Quarantine | null> {
  if (quarantine === null) return null
  const keeper = await openKeeperOf(quarantine, room)
  return {
    keepForReview: keeperFor(keeper, metrics, log),
    review: null,
    collect: () => {},
    close: () => keeper.close(),
  }
}
