import { type Account, openAccount } from './account.ts'
import { openDepartures, type Swept } from './departures.ts'
import { timeOf } from './entry-id.ts'
import { openLooks } from './looks.ts'
import type { Found, Medium } from './medium.ts'

export interface Bounds {
  /** Milliseconds. */
  readonly keep: number
  /** Bytes. */
  readonly size: number
  readonly now?: () => number
}

/**
 * Who stays and who goes. An entry that is kept stays for its time, and age alone removes it: what does not fit beside the
 * others is not kept, because whoever could push out the oldest by sending more could push out the evidence against
 * himself, and whoever lowers `size` does not mean to destroy any.
 */
export interface Retention {
  readonly account: Account
  /** Oldest first. */
  look(): Promise<readonly Found[]>
  /** What the last look found. */
  readonly found: readonly Found[]
  /**
   * Reserves, if need be by throwing away what has expired; false where there is no room. Waits for no look: clients
   * wait for it, and a quarantine that somebody has filled up is looked through for seconds.
   */
  reserve(bytes: number): Promise<boolean>
  /** Counts what was reserved and is kept now. */
  add(id: string, bytes: number): void
  /** What went since the last sweep, oldest first, as far as it could be read. */
  sweep(): Promise<readonly Swept[]>
}

/** `read` resolves to null where an entry cannot be read: it goes all the same. */
export function openRetention(
  medium: Medium,
  { keep, size, now = Date.now }: Bounds,
  read: (id: string) => Promise<Swept | null>,
): Retention {
  const account = openAccount(size)
  const looks = openLooks(medium, account)
  const departures = openDepartures(medium, account, read)
  /** Taken from the list, so that nobody else throws it away as well. */
  const takeExpired = (): string | null => {
    const [oldest] = looks.held
    if (oldest === undefined || timeOf(oldest) >= now() - keep) return null
    looks.held.shift()
    return oldest
  }
  return {
    account,
    look: () => looks.look(),
    get found() {
      return looks.found
    },
    async reserve(bytes) {
      if (bytes > size) return false
      if (looks.isDue) void looks.look().catch(() => undefined)
      while (!account.reserve(bytes)) {
        const id = takeExpired()
        if (id !== null) await departures.throwAway(id)
        else if (departures.underWay.size === 0) return false
        else await Promise.race(departures.underWay).catch(() => undefined)
      }
      return true
    },
    add(id, bytes) {
      account.add(id, bytes)
      looks.held.push(id)
    },
    async sweep() {
      await looks.look()
      for (let id = takeExpired(); id !== null; id = takeExpired()) await departures.throwAway(id)
      return departures.told()
    },
  }
}
