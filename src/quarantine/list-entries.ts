import type { Found, Medium, Source } from './medium.ts'
import type { Keyring } from './sealing/keyring.ts'
import { unseal } from './sealing/unseal.ts'
import type { StoredEntry } from './store.ts'

/** Entries that are read at once; each takes up to 8 MiB for its facts. */
const atOnce = 8

/** Reads the facts of what was found, in its order; what went away meanwhile is left out. */
export async function listEntries(
  medium: Medium,
  keyring: Keyring,
  found: readonly Found[],
): Promise<{ entries: StoredEntry[]; unreadable: number }> {
  const read: (StoredEntry | 'unreadable' | null)[] = []
  const queue = found.entries()
  const work = async (): Promise<void> => {
    for (const [index, one] of queue) read[index] = await readStored(medium, keyring, one)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return {
    entries: read.filter((one) => one !== null && one !== 'unreadable'),
    unreadable: read.filter((one) => one === 'unreadable').length,
  }
}

async function readStored(medium: Medium, keyring: Keyring, found: Found): Promise<StoredEntry | 'unreadable' | null> {
  try {
    const source = await medium.open(found.id, found)
    return source && (await readFacts(source, keyring, found.id))
  } catch {
    return (await isThere(medium, found.id)) ? 'unreadable' : null
  }
}

async function readFacts(source: Source, keyring: Keyring, id: string): Promise<StoredEntry> {
  try {
    const { entry } = await unseal(source, keyring, id)
    return { entry, state: source.state, bytes: source.size }
  } finally {
    await source.close()
  }
}

async function isThere(medium: Medium, id: string): Promise<boolean> {
  try {
    const source = await medium.open(id)
    await source?.close()
    return source !== null
  } catch {
    return true
  }
}
