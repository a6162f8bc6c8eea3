import type { Logger } from 'pino'
import type { QuarantineStore } from './store.ts'

/** Ids that one line of the log names. */
const mostNamed = 10

/**
 * Says how many entries cannot be read, where that has changed since the last call: with a wrong secret everything else
 * goes on as if nothing had ever been kept.
 */
export function unreadableTeller(
  store: Pick<QuarantineStore, 'examine'>,
  log: Pick<Logger, 'info' | 'warn'>,
): (signal: AbortSignal) => Promise<void> {
  let told = 0
  return async (signal) => {
    const unreadable = await store.examine(signal)
    if (signal.aborted || unreadable.length === told) return
    told = unreadable.length
    if (told === 0) return log.info('all entries of the quarantine can be read again')
    const subject = told === 1 ? '1 entry of the quarantine' : `${told} entries of the quarantine`
    const rest = told === 1 ? 'it is damaged, or its key is' : 'they are damaged, or their key is'
    const entries = unreadable.slice(0, mostNamed).map(({ id, reason }) => `${id}: ${reason}`)
    log.warn({ entries }, `${subject} cannot be read: ${rest} none of encrypt and previousKeys`)
  }
}
