import { describeFault } from '../printable.ts'
import { createSlots } from '../slots.ts'
import { isEntryId } from './entry-id.ts'
import type { Medium } from './medium.ts'
import type { EntryRoom } from './room.ts'
import type { Keyring } from './sealing/keyring.ts'
import { prepareSealing, type Sealing } from './sealing/seal.ts'
import type { Kept, QuarantineStore } from './store.ts'

/**
 * Entries that are written at once. To seal a piece takes the event loop a millisecond, which others wait for as often as
 * there are writers; and a bucket's have a part of 5 MiB and its sealed copy in memory.
 */
const writersAtOnce = 4

/** Puts entries into a store: all that the path of uploads has to do with it. */
export type Keeper = Pick<QuarantineStore, 'keep' | 'close'>

type Contents = Parameters<Keeper['keep']>[1]

/** The keeper owns the medium from here on. */
export function openKeeper(medium: Medium, keyring: Keyring, room: EntryRoom): Keeper {
  const slots = createSlots(writersAtOnce, Number.POSITIVE_INFINITY)
  const write = async (id: string, sealing: Sealing, contents: Contents, signal: AbortSignal): Promise<Kept> => {
    await slots.take({ wait: null, signal })
    try {
      return await medium.write(id, sealing.size, sealing.seal(contents), signal)
    } finally {
      slots.free()
    }
  }
  return {
    async keep(entry, contents, signal) {
      signal.throwIfAborted()
      if (!isEntryId(entry.id)) return failed('its id is not a UUIDv7')
      const sealing = prepareSealing(keyring.current, entry)
      if (!sealing) return failed('what is known of it takes more than 8 MiB')
      const refused = await reserve(room, sealing)
      if (refused) return refused
      let isKept = false
      try {
        const kept = await write(entry.id, sealing, contents, signal)
        isKept = kept.kept
        return kept
      } finally {
        room.settle(sealing.size, isKept ? entry.id : null)
      }
    },
    close: () => medium.close(),
  }
}

/** Null where the room is reserved. */
async function reserve(room: EntryRoom, { size }: Sealing): Promise<Kept | null> {
  try {
    const entries = await room.reserve(size)
    if (entries === null) return null
    return {
      kept: false,
      reason: 'full',
      detail: `its ${size} bytes do not fit beside the ${entries} entries that are kept`,
    }
  } catch (error) {
    return failed(describeFault(error))
  }
}

function failed(detail: string): Kept {
  return { kept: false, reason: 'failed', detail }
}
