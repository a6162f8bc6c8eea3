import type { Ask, LimitStore, Stand } from '../../src/limits/store.ts'

/** Places only, and buckets that count what was charged: enough to see what reaches a store and what is given back. */
export interface SmallLimitStore extends LimitStore {
  readonly held: Set<string>
  readonly charged: Map<string, number>
  /** Awaited before each answer. */
  pause: () => Promise<void>
}

export function smallLimitStore(): SmallLimitStore {
  const held = new Set<string>()
  const charged = new Map<string, number>()
  const fits = (ask: Ask): boolean => {
    const of = [...held].filter((name) => name.startsWith(`${ask.key} `)).length
    return ask.kind === 'lease' ? of < ask.most : (charged.get(ask.key) ?? 0) + ask.cost <= ask.capacity
  }
  const store: SmallLimitStore = {
    held,
    charged,
    pause: async () => {},
    async take(asks) {
      await store.pause()
      const stands = asks.map((ask): Stand => ({ fits: fits(ask), remaining: 0, wait: null, reset: null }))
      if (asks.some(({ enforce }, index) => enforce && stands[index]?.fits === false)) return stands
      for (const [index, ask] of asks.entries()) {
        if (stands[index]?.fits !== true) continue
        if (ask.kind === 'lease' && ask.id !== null) held.add(`${ask.key} ${ask.id}`)
        if (ask.kind === 'bucket') charged.set(ask.key, (charged.get(ask.key) ?? 0) + ask.cost)
      }
      return stands
    },
    async charge(asks) {
      for (const { key, cost } of asks) charged.set(key, (charged.get(key) ?? 0) + cost)
    },
    async leave(leases) {
      for (const { key, id } of leases) held.delete(`${key} ${id}`)
    },
    close: async () => {},
  }
  return store
}
