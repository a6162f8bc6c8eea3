import type { Logger } from 'pino'
import type { Metrics } from '../../metrics/registry.ts'
import type { QuarantineStore } from '../../quarantine/store.ts'
import { keepRefused, type RefusedUpload } from './keep.ts'

/** Milliseconds; the client waits for its answer meanwhile, since the answer says whether the upload was kept. */
const deadline = 60_000

/** Keeps a refused upload; resolves to the id of its entry, or to null where that was not possible. Never rejects. */
export type KeepForReview = (refused: RefusedUpload, signal: AbortSignal) => Promise<string | null>

/** That an upload was not kept is told to operators and not to its client: it is refused either way. */
export function keeperFor(
  store: Pick<QuarantineStore, 'keep'>,
  metrics: Pick<Metrics, 'quarantined'>,
  log: Pick<Logger, 'error' | 'warn'>,
): KeepForReview {
  return async (refused, signal) => {
    const requestId = refused.request.id
    try {
      const kept = await keepRefused(store, refused, { deadline, signal })
      if (kept.id === null && kept.reason === 'incomplete') return null
      metrics.quarantined.of({ result: resultOf(kept) }).inc()
      if (kept.id === null) log.warn({ requestId, ...kept }, 'a refused upload was not kept for review')
      return kept.id
    } catch (err) {
      metrics.quarantined.of({ result: 'failed' }).inc()
      log.error({ err, requestId }, 'a refused upload could not be kept for review')
      return null
    }
  }
}

function resultOf(kept: Awaited<ReturnType<typeof keepRefused>>): 'kept' | 'full' | 'failed' {
  if (kept.id !== null) return 'kept'
  return kept.reason === 'full' ? 'full' : 'failed'
}
