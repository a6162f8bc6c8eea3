import { oncePerMinute } from '../once-per-minute.ts'
import { describeFault } from '../printable.ts'
import type { Ask, LimitStore, Stand } from './store.ts'

export const fallbacks = ['share', 'refuse', 'allow'] as const
export type WhenAway = (typeof fallbacks)[number]

export interface Taken {
  readonly stands: readonly Stand[]
  /** Who has counted it, and wants to be told what comes after. */
  readonly store: LimitStore
}

/** Asks the store, and knows what to do while it is away. */
export interface Counting {
  /** Null where nobody could be asked. */
  take(asks: readonly Ask[]): Promise<Taken | null>
  /** Whether it answered when it was asked last, or has come back since. */
  readonly answers: boolean
  readonly whenAway: WhenAway
}

export interface CountingOptions {
  readonly whenAway: WhenAway
  /** What counts instead, for `share`. */
  readonly share: LimitStore
  readonly onFallback: (what: WhenAway) => void
  readonly log: { warn(fields: object, message: string): void }
}

/** A store that can be away, and says so itself. */
export interface DistantStore extends LimitStore {
  readonly up: boolean
  onReady(back: () => void): void
}

export function countWith(store: DistantStore, options: CountingOptions): Counting {
  const { whenAway, share, onFallback, log } = options
  const complain = oncePerMinute((reason: string) => log.warn({ reason, whenAway }, 'limits could not be asked'))
  let answers = true
  store.onReady(() => {
    answers = true
  })
  return {
    whenAway,
    get answers() {
      return answers
    },
    async take(asks) {
      try {
        const stands = await store.take(asks)
        answers = true
        return { stands, store }
      } catch (error) {
        answers = false
        onFallback(whenAway)
        // Of one that is gone, the connection has told.
        if (store.up) complain(describeFault(error))
        return whenAway === 'share' ? { stands: await share.take(asks), store: share } : null
      }
    },
  }
}

/** For a store that is always there. */
export function countAlone(store: LimitStore): Counting {
  return { answers: true, whenAway: 'share', take: async (asks) => ({ stands: await store.take(asks), store }) }
}
