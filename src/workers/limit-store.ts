import type { DistantStore } from '../limits/counting.ts'
import { type Lease, leaseName, leasesTaken } from '../limits/leases.ts'
import type { LimitStore } from '../limits/store.ts'
import type { PrimaryQuestions } from './messages.ts'
import type { Handlers, Peer } from './peer.ts'

/** Milliseconds that a request waits for the primary, which may be busy. */
const deadline = 1000

type LimitQuestions = Pick<PrimaryQuestions, 'takeLimits' | 'chargeLimits' | 'leaveLimits'>

/** The store of the primary, from a worker. What is asked in one turn of the event loop travels in one message. */
export function limitStoreOf(primary: Peer<LimitQuestions>, within = deadline): DistantStore {
  /** What cannot be told to the primary is given back when this process ends. */
  const quietly = (told: Promise<void>): Promise<void> => told.catch(() => undefined)
  const leave = (leases: readonly Lease[]): Promise<void> =>
    leases.length === 0 ? Promise.resolve() : quietly(primary.ask('leaveLimits', leases, { deadline: within }))
  return {
    take: (asks) =>
      primary.ask('takeLimits', asks, {
        deadline: within,
        // Whoever asked was told that nothing was taken.
        late: (stands) => void leave(leasesTaken(asks, stands)),
      }),
    charge: (asks) => quietly(primary.ask('chargeLimits', asks, { deadline: within })),
    leave,
    close: async () => {},
    // A worker that has lost its primary ends.
    up: true,
    onReady() {},
  }
}

/** What one worker asks of the store; `end` gives back the places that it held when it died. */
export function serveLimitStore(store: LimitStore | null): { handlers: Handlers<LimitQuestions>; end: () => void } {
  const held = new Map<string, Lease>()
  let hasEnded = false
  return {
    handlers: {
      async takeLimits(asks) {
        if (store === null) throw new Error('there is no store of limits')
        const stands = await store.take(asks)
        const leases = leasesTaken(asks, stands)
        if (hasEnded) await store.leave(leases)
        else for (const lease of leases) held.set(leaseName(lease), lease)
        return stands
      },
      async chargeLimits(asks) {
        await store?.charge(asks)
      },
      async leaveLimits(leases) {
        for (const lease of leases) held.delete(leaseName(lease))
        await store?.leave(leases)
      },
    },
    end() {
      hasEnded = true
      if (held.size > 0) void store?.leave([...held.values()])
      held.clear()
    },
  }
}
