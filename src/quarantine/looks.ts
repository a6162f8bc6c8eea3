import { performance } from 'node:perf_hooks'
import type { Account } from './account.ts'
import type { Found, Medium } from './medium.ts'

/** How long what other processes put there may go unseen while entries are kept, in milliseconds. */
const lookTrust = 10_000
/** A look at very many entries takes seconds: looks take one part of the time in so many. */
const lookShare = 20

/** What a medium has, as it was seen last. */
export interface Looks {
  /** Oldest first. */
  look(): Promise<readonly Found[]>
  /** What the last look found. */
  readonly found: readonly Found[]
  /** Whether the last look is too old, and no other is under way. */
  readonly isDue: boolean
  /** Ids of held entries, oldest first, to be taken from: some may be gone or claimed. */
  readonly held: string[]
}

export function openLooks(medium: Pick<Medium, 'look'>, account: Account): Looks {
  const held: string[] = []
  let due = 0
  let found: readonly Found[] = []
  return {
    async look() {
      const begun = performance.now()
      due = Number.POSITIVE_INFINITY
      try {
        found = (await account.renew(() => medium.look())).toSorted(byId)
        held.length = 0
        for (const { id, state } of found) if (state === 'held') held.push(id)
        return found
      } finally {
        const ended = performance.now()
        due = ended + Math.max(lookTrust, (ended - begun) * lookShare)
      }
    },
    get found() {
      return found
    },
    get isDue() {
      return performance.now() > due
    },
    held,
  }
}

/** Oldest first. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}
