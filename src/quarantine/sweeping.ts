import type { Logger } from 'pino'
import type { Metrics } from '../metrics/registry.ts'
import type { QuarantineStore } from './store.ts'
import { unreadableTeller } from './unreadable-teller.ts'

/** Milliseconds between two looks at what is too old. */
const interval = 60_000

type Log = Pick<Logger, 'info' | 'warn' | 'error'>

/**
 * Throws away what has been kept long enough, and says how many entries cannot be read where that has changed, now and
 * from time to time. The result ends that, after what runs.
 */
export function startSweeping(
  store: Pick<QuarantineStore, 'sweep' | 'examine'>,
  metrics: Pick<Metrics, 'quarantineEnded'>,
  log: Log,
): () => Promise<void> {
  const stopping = new AbortController()
  const tellUnreadable = unreadableTeller(store, log)
  let running: Promise<void> | null = null
  const sweep = async (): Promise<void> => {
    try {
      for (const { id, requestId, time } of await store.sweep()) {
        metrics.quarantineEnded.of({ reason: 'expired' }).inc()
        log.info({ entry: id, requestId, kept: new Date(time).toISOString() }, 'an entry of the quarantine expired')
      }
      await tellUnreadable(stopping.signal)
    } catch (err) {
      log.error({ err }, 'the quarantine could not be swept')
    } finally {
      running = null
    }
  }
  const begin = (): void => {
    running ??= sweep()
  }
  begin()
  const timer = setInterval(begin, interval).unref()
  return async () => {
    stopping.abort()
    clearInterval(timer)
    await running
  }
}
