import { isAdmitted } from './leases.ts'
import type { Ask, BucketAsk, LimitStore, Stand } from './store.ts'

/**
 * The store with so many times smaller limits: what one of several gateways may give away by itself. What is larger than
 * a whole share may pass where the share is full, and is owed, or a large upload could not pass at all.
 */
export function shareOf(store: LimitStore, gateways: number): LimitStore {
  if (gateways === 1) return store
  return {
    async take(asks) {
      const shares = asks.map((ask) =>
        ask.kind === 'bucket' ? bucketShare(ask, gateways) : placesShare(ask, gateways),
      )
      const stands = await store.take(shares)
      await store.charge(owed(asks, shares, stands))
      return stands
    },
    charge: (asks) => store.charge(asks.map((ask) => ({ ...ask, interval: ask.interval * gateways }))),
    leave: (places) => store.leave(places),
    close: () => store.close(),
  }
}

function bucketShare(ask: BucketAsk, gateways: number): BucketAsk {
  const capacity = Math.max(1, Math.floor(ask.capacity / gateways))
  const cost = ask.cost > ask.capacity ? ask.cost : Math.min(ask.cost, capacity)
  return { ...ask, capacity, cost, interval: ask.interval * gateways }
}

function placesShare<Places extends { readonly most: number }>(ask: Places, gateways: number): Places {
  return { ...ask, most: Math.max(1, Math.floor(ask.most / gateways)) }
}

/** What was taken beyond the shares. */
function owed(asks: readonly Ask[], shares: readonly Ask[], stands: readonly Stand[]): BucketAsk[] {
  if (!isAdmitted(asks, (index) => stands[index]?.fits === true)) return []
  return asks.flatMap((ask, index) => {
    const share = shares[index]
    if (ask.kind !== 'bucket' || share?.kind !== 'bucket' || stands[index]?.fits !== true) return []
    return ask.cost > share.cost ? [{ ...share, cost: ask.cost - share.cost }] : []
  })
}
