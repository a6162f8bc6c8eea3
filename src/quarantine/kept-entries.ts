import type { Entry } from './entry.ts'
import { isEntryId } from './entry-id.ts'
import { openExamination } from './examination.ts'
import { openKeeper } from './keeper.ts'
import { listEntries } from './list-entries.ts'
import type { Medium } from './medium.ts'
import { type Bounds, openRetention } from './retention.ts'
import type { EntryRoom } from './room.ts'
import type { Keyring } from './sealing/keyring.ts'
import { unseal } from './sealing/unseal.ts'
import type { OpenedEntry, QuarantineStore } from './store.ts'

/** The store over any medium; it owns the medium from here on. */
export async function openKeptEntries(medium: Medium, keyring: Keyring, bounds: Bounds): Promise<QuarantineStore> {
  const retention = openRetention(medium, bounds, (id) => readEntry(medium, keyring, id))
  const { account } = retention
  const examination = openExamination(medium, keyring)
  const room: EntryRoom = {
    reserve: async (bytes) => ((await retention.reserve(bytes)) ? null : account.entries),
    settle(bytes, id) {
      if (id !== null) {
        retention.add(id, bytes)
        examination.trust(id)
      }
      account.unreserve(bytes)
    },
  }
  const keeper = openKeeper(medium, keyring, room)
  await retention.look()
  return {
    room,
    keep: keeper.keep,
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
