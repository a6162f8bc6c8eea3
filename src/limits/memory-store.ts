import { LRUCache } from 'lru-cache'
import { charged, fits, standOf } from './gcra.ts'
import { isAdmitted } from './leases.ts'
import type { Ask, BucketAsk, LeaseAsk, LimitStore, Stand } from './store.ts'

export interface MemoryStore extends LimitStore {
  /** Buckets that are remembered. */
  readonly buckets: number
}

export interface MemoryStoreOptions {
  /** Buckets at most. Of more, those that were asked for longest ago are forgotten, and are full again. */
  readonly most?: number
  /** Milliseconds of a clock that does not go back. */
  readonly now?: () => number
}

/** Limits of this process alone. */
export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { most = 200_000, now = () => performance.now() } = options
  const buckets = new LRUCache<string, number>({ max: most })
  const leases = new Leases()

  function look(ask: Ask, time: number): boolean {
    return ask.kind === 'bucket' ? fits(buckets.get(ask.key) ?? time, time, ask) : leases.fits(ask)
  }

  function takeOne(ask: Ask, time: number): void {
    if (ask.kind === 'lease') return leases.take(ask)
    if (ask.cost !== 0) buckets.set(ask.key, charged(buckets.get(ask.key) ?? time, time, ask))
  }

  function stand(ask: Ask, time: number, fitting: boolean): Stand {
    if (ask.kind === 'lease') return leases.stand(ask, fitting)
    return standOf(buckets.get(ask.key) ?? time, time, ask, fitting)
  }

  return {
    get buckets() {
      return buckets.size
    },
    async take(asks) {
      const time = now()
      const fitting = asks.map((ask) => look(ask, time))
      const admitted = isAdmitted(asks, (index) => fitting[index] === true)
      if (admitted) asks.forEach((ask, index) => fitting[index] === true && takeOne(ask, time))
      return asks.map((ask, index) => stand(ask, time, fitting[index] === true))
    },
    async charge(asks: readonly BucketAsk[]) {
      const time = now()
      for (const ask of asks) takeOne(ask, time)
    },
    async leave(places) {
      for (const { key, id } of places) leases.leave(key, id)
    },
    async close() {
      buckets.clear()
    },
  }
}

/** Their number is that of uploads in flight. */
class Leases {
  readonly #holders = new Map<string, Set<string>>()

  fits({ key, most, id }: LeaseAsk): boolean {
    const holders = this.#holders.get(key)
    return holders === undefined || holders.size < most || (id !== null && holders.has(id))
  }

  take({ key, id }: LeaseAsk): void {
    if (id === null) return
    const holders = this.#holders.get(key) ?? new Set()
    this.#holders.set(key, holders.add(id))
  }

  leave(key: string, id: string): void {
    const holders = this.#holders.get(key)
    holders?.delete(id)
    if (holders?.size === 0) this.#holders.delete(key)
  }

  stand({ key, most }: LeaseAsk, fitting: boolean): Stand {
    const remaining = Math.max(0, most - (this.#holders.get(key)?.size ?? 0))
    return { fits: fitting, remaining, wait: fitting ? 0 : null, reset: null }
  }
}
