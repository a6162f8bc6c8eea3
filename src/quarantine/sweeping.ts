import type { Logger } from 'pino'
import type { Metrics } from '../metrics/registry.ts'
import type { QuarantineStore } from './store.ts'

/** Milliseconds between two looks at what is too old or too much. */
const interval = 60_000

/** Throws away what has been kept long enough, now and from time to time. The result ends that, after what runs. */
export function startSweeping(
  store: Pick<QuarantineStore, 'sweep'>,
  metrics: Pick<Metrics, 'quarantineEnded'>,
  log: Pick<Logger, 'info' | 'error'>,
): () => Promise<void> {
  let running: Promise<void> | null = null
  const sweep = async (): Promise<void> => {
    try {
      for (const { id, requestId, time } of await store.sweep()) {
        metrics.quarantineEnded.of({ reason: 'expired' }).inc()
        log.info({ entry: id, requestId, kept: new Date(time).toISOString() }, 'an entry of the quarantine expired')
      }
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
    clearInterval(timer)
    await running
  }
}
