import type { Account } from './account.ts'
import type { Entry } from './entry.ts'
import { isThere } from './is-there.ts'
import { byId } from './looks.ts'
import type { Medium } from './medium.ts'

/** What is told of an entry that went. */
export type Swept = Pick<Entry, 'id' | 'requestId' | 'time'>

/** Entries that are thrown away. */
export interface Departures {
  /** Resolves when it is gone, or turns out to be claimed. */
  throwAway(id: string): Promise<void>
  readonly underWay: ReadonlySet<Promise<void>>
  /** What went since the last call, oldest first, as far as it could be read. */
  told(): readonly Swept[]
}

/** `read` resolves to null where an entry cannot be read: it goes all the same. */
export function openDepartures(
  medium: Pick<Medium, 'open' | 'discard'>,
  account: Account,
  read: (id: string) => Promise<Swept | null>,
): Departures {
  const underWay = new Set<Promise<void>>()
  let gone: Swept[] = []
  const discard = async (id: string): Promise<void> => {
    const entry = await read(id)
    const isMine = await medium.discard(id, false)
    // Not claimed, but thrown away by another process.
    if (isMine || !(await isThere(medium, id))) account.remove(id)
    if (isMine && entry) gone.push({ id, requestId: entry.requestId, time: entry.time })
  }
  return {
    throwAway(id) {
      const going = discard(id).finally(() => underWay.delete(going))
      underWay.add(going)
      return going
    },
    underWay,
    told() {
      const told = gone.toSorted(byId)
      gone = []
      return told
    },
  }
}
