import { performance } from 'node:perf_hooks'
import { type Account, openAccount } from './account.ts'
import type { Entry } from './entry.ts'
import { timeOf } from './entry-id.ts'
import type { Found, Medium } from './medium.ts'

/** How long what other processes put there may go unseen while entries are kept, in milliseconds. */
const lookTrust = 10_000

export interface Bounds {
  /** Milliseconds. */
  readonly keep: number
  /** Bytes. */
  readonly size: number
  readonly now?: () => number
}

/**
 * Who stays and who goes. An entry that is kept stays for its time: what does not fit beside the others is not kept,
 * because whoever could push out the oldest by sending more could push out the evidence against himself.
 */
export interface Retention {
  readonly account: Account
  /** Oldest first. */
  look(): Promise<readonly Found[]>
  /** Reserves, if need be by throwing away what has expired; false where there is no room. */
  reserve(bytes: number): Promise<boolean>
  /** What went since the last sweep, oldest first, as far as it could be read. */
  sweep(): Promise<readonly Entry[]>
}

/** `read` resolves to null where an entry cannot be read: it goes all the same. */
export function openRetention(
  medium: Medium,
  { keep, size, now = Date.now }: Bounds,
  read: (id: string) => Promise<Entry | null>,
): Retention {
  const account = openAccount(size)
  let gone: Entry[] = []
  let lookedAt = 0

  const look = async (): Promise<readonly Found[]> => {
    lookedAt = performance.now()
    return (await account.renew(() => medium.look())).toSorted(byId)
  }

  const throwAway = async ({ id }: Found): Promise<void> => {
    const entry = await read(id)
    if (!(await medium.discard(id, false))) return
    account.remove(id)
    if (entry) gone.push(entry)
  }

  const throwAwayExpired = async (): Promise<void> => {
    const isExpired = ({ state, id }: Found): boolean => state === 'held' && timeOf(id) < now() - keep
    for (const entry of (await look()).filter(isExpired)) await throwAway(entry)
  }

  /** There is some where the bound was lowered, or where several processes passed it together. */
  const throwAwayExcess = async (): Promise<void> => {
    for (const entry of await look()) {
      if (account.bytes <= size) return
      if (entry.state === 'held') await throwAway(entry)
    }
  }

  return {
    account,
    look,
    async reserve(bytes) {
      if (bytes > size) return false
      if (performance.now() - lookedAt > lookTrust) await look()
      if (account.reserve(bytes)) return true
      await throwAwayExpired()
      return account.reserve(bytes)
    },
    async sweep() {
      await throwAwayExpired()
      await throwAwayExcess()
      const went = gone.toSorted(byId)
      gone = []
      return went
    },
  }
}

/** Oldest first. */
function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}
