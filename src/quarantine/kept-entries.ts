import { describeFault } from '../printable.ts'
import { createSlots } from '../slots.ts'
import type { Entry } from './entry.ts'
import { isEntryId } from './entry-id.ts'
import { openExamination } from './examination.ts'
import { listEntries } from './list-entries.ts'
import type { Medium } from './medium.ts'
import { type Bounds, openRetention, type Retention } from './retention.ts'
import type { Keyring } from './sealing/keyring.ts'
import { prepareSealing, type Sealing } from './sealing/seal.ts'
import { unseal } from './sealing/unseal.ts'
import type { Kept, OpenedEntry, QuarantineStore } from './store.ts'

/**
 * Entries that are written at once. To seal a piece takes the event loop a millisecond, which others wait for as often as
 * there are writers; and a bucket's have a part of 5 MiB and its sealed copy in memory.
 */
const writersAtOnce = 4

type Contents = Parameters<QuarantineStore['keep']>[1]

/** The store over any medium; it owns the medium from here on. */
export async function openKeptEntries(medium: Medium, keyring: Keyring, bounds: Bounds): Promise<QuarantineStore> {
  const retention = openRetention(medium, bounds, (id) => readEntry(medium, keyring, id))
  const { account } = retention
  const examination = openExamination(medium, keyring)
  const slots = createSlots(writersAtOnce, Number.POSITIVE_INFINITY)
  const write = async (id: string, sealing: Sealing, contents: Contents, signal: AbortSignal): Promise<Kept> => {
    await slots.take({ wait: null, signal })
    try {
      return await medium.write(id, sealing.size, sealing.seal(contents), signal)
    } finally {
      slots.free()
    }
  }
  await retention.look()
  return {
    async keep(entry, contents, signal) {
      signal.throwIfAborted()
      if (!isEntryId(entry.id)) return failed('its id is not a UUIDv7')
      const sealing = prepareSealing(keyring.current, entry)
      if (!sealing) return failed('what is known of it takes more than 8 MiB')
      const refused = await reserve(retention, sealing)
      if (refused) return refused
      try {
        const kept = await write(entry.id, sealing, contents, signal)
        if (!kept.kept) return kept
        retention.add(entry.id, sealing.size)
        examination.trust(entry.id)
        return kept
      } finally {
        account.unreserve(sealing.size)
      }
    },
    list: async (page) => listEntries(medium, keyring, await retention.look(), page),
    open: async (id) => (isEntryId(id) ? openEntry(medium, keyring, id) : null),
    claim: async (id) => (isEntryId(id) ? medium.claim(id) : 'absent'),
    async unclaim(id) {
      if (isEntryId(id)) await medium.unclaim(id)
    },
    async remove(id) {
      if (!isEntryId(id) || !(await medium.discard(id, true))) return false
      account.remove(id)
      return true
    },
    async sweep() {
      await medium.tidy()
      return retention.sweep()
    },
    examine: (signal) => examination.examine(retention.found, signal),
    get usage() {
      return { entries: account.entries, bytes: account.bytes }
    },
    close: () => medium.close(),
  }
}

/** Null where the room is reserved. */
async function reserve(retention: Retention, { size }: Sealing): Promise<Kept | null> {
  try {
    if (await retention.reserve(size)) return null
    return {
      kept: false,
      reason: 'full',
      detail: `its ${size} bytes do not fit beside the ${retention.account.entries} entries that are kept`,
    }
  } catch (error) {
    return failed(describeFault(error))
  }
}

function failed(detail: string): Kept {
  return { kept: false, reason: 'failed', detail }
}

async function openEntry(medium: Medium, keyring: Keyring, id: string): Promise<OpenedEntry | null> {
  const source = await medium.open(id)
  if (!source) return null
  try {
    const { entry, content } = await unseal(source, keyring, id)
    return { entry, content, state: source.state, bytes: source.size, close: () => source.close() }
  } catch (error) {
    await source.close()
    throw error
  }
}

async function readEntry(medium: Medium, keyring: Keyring, id: string): Promise<Entry | null> {
  const opened = await openEntry(medium, keyring, id).catch(() => null)
  await opened?.close()
  return opened?.entry ?? null
}
