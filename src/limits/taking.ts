import type { Limit } from './compile.ts'
import type { Counting } from './counting.ts'
import type { Shortfall } from './refusal.ts'
import type { Ask, BucketAsk, LimitStore, Stand } from './store.ts'

/** A limit and what one request has had of it. */
export interface Share {
  readonly limit: Limit
  readonly key: string
  /** Whether the request wants anything of it. */
  readonly concerned: boolean
  taken: number
  /** In report mode, once there was too little: as if it were refused, nothing more is taken. */
  short: boolean
  stand: Stand | null
}

export interface Wanted {
  readonly share: Share
  readonly cost: number
}

/** `short`: what there was too little of and refuses, so that nothing was taken. `reported`: what would have refused. */
export interface Outcome {
  readonly short: readonly Wanted[]
  readonly reported: readonly Wanted[]
  readonly store: LimitStore
}

/** Takes from several shares in one step. With `all`, those in report mode refuse as well. Null where nobody could be asked. */
export async function takeFrom(
  counting: Counting,
  id: string,
  wanted: readonly Wanted[],
  enforce: 'enforced' | 'all',
): Promise<Outcome | null> {
  const asks = wanted.map((each) => askOf(each, id, enforce === 'all'))
  const taken = await counting.take(asks)
  if (taken === null) return null
  wanted.forEach(({ share }, index) => {
    share.stand = taken.stands[index] ?? share.stand
  })
  const lacking = wanted.filter(({ share, cost }, index) => {
    return taken.stands[index]?.fits !== true && share.concerned && cost > 0
  })
  const short = lacking.filter(({ share }) => share.limit.mode === 'enforce' || enforce === 'all')
  if (short.length > 0) return { short, reported: [], store: taken.store }
  wanted.forEach(({ share, cost }, index) => {
    if (taken.stands[index]?.fits === true) share.taken += cost
  })
  return { short, reported: lacking, store: taken.store }
}

function askOf({ share: { limit, key, concerned }, cost }: Wanted, id: string, all: boolean): Ask {
  const enforce = concerned && cost > 0 && (all || limit.mode === 'enforce')
  const { capacity, interval } = limit
  if (limit.measure !== 'concurrent') return { kind: 'bucket', key, capacity, interval, cost, enforce }
  return { kind: 'lease', key, most: capacity, id: cost > 0 ? id : null, enforce }
}

/** What has to be charged, so that it is in the end what the request had. */
export function settling(shares: readonly Share[], had: number): readonly BucketAsk[] {
  return shares.flatMap((share): BucketAsk[] => {
    const cost = had - share.taken
    const { key, limit } = share
    share.taken = had
    share.stand = share.stand === null ? null : after(share.stand, cost, limit)
    if (cost === 0) return []
    return [{ kind: 'bucket', key, capacity: limit.capacity, interval: limit.interval, cost, enforce: false }]
  })
}

/** The stand as it is with so much more or less taken. */
function after(stand: Stand, cost: number, { capacity, interval }: Limit): Stand {
  const remaining = Math.min(capacity, Math.max(0, stand.remaining - cost))
  return { ...stand, remaining, reset: Math.max(0, (stand.reset ?? 0) + cost * interval) }
}

export function shortfallOf({ limit, stand }: Share, needed: number): Shortfall {
  return { limit, needed, remaining: stand?.remaining ?? 0, wait: stand?.wait ?? null }
}
