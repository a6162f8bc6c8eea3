import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import { openLedger } from '../ledger/open-ledger.ts'
import type { Metrics } from '../metrics/registry.ts'
import { type KeepForReview, keeperFor } from '../path/8-quarantine/keep-for-review.ts'
import { openStore } from '../quarantine/open-store.ts'
import { createReview, type QuarantineReview } from '../quarantine/review/review.ts'
import { startSweeping } from '../quarantine/sweeping.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** The quarantine, for the path of uploads and for the people who review. */
export interface Quarantine {
  readonly keepForReview: KeepForReview
  readonly review: QuarantineReview
  /** Tells metrics how full it is. */
  readonly collect: () => void
  readonly close: () => Promise<void>
}

interface Surroundings {
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly metrics: Metrics
  readonly log: Logger
}

/** Null where the configuration has none. Rejects where the store or the ledger cannot be had. */
export async function openQuarantine(
  { configuration, policies }: Snapshot,
  { upstreams, metrics, log }: Surroundings,
): Promise<Quarantine | null> {
  const { quarantine, ledger } = configuration
  if (quarantine === null || ledger.file === null) return null
  const record = await openLedger({ file: ledger.file })
  const store = await openStore(quarantine)
  metrics.quarantineLimit.set(quarantine.size)
  const stopSweeping = startSweeping(store, metrics, log)
  const review = createReview({ store, ledger: record, upstreams, policies, metrics, log })
  return {
    keepForReview: keeperFor(store, metrics, log),
    review,
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
