import { eachAtOnce } from '../at-once.ts'
import { describeFault } from '../printable.ts'
import { isThere } from './is-there.ts'
import type { Found, Medium, Source } from './medium.ts'
import type { Keyring } from './sealing/keyring.ts'
import { isPermanent, unseal } from './sealing/unseal.ts'
import type { Listed, ListedEntry, Page, UnreadableEntry } from './store.ts'

/** Entries that are read at once; each takes up to 8 MiB for its facts. */
const atOnce = 8

/** `permanent`: the bytes are why, and not a disk or server that may do better later. */
export type Row = ListedEntry | { readonly unreadable: UnreadableEntry; readonly permanent: boolean } | null

/** Reads what was found, oldest first; what went away meanwhile is left out. */
export async function listEntries(
  medium: Medium,
  keyring: Keyring,
  found: readonly Found[],
  { before, most }: Page = { before: null, most: Number.POSITIVE_INFINITY },
): Promise<Listed> {
  const older = before === null ? found : found.filter(({ id }) => id < before)
  const wanted = older.slice(Math.max(0, older.length - most))
  const read = new Map<string, Row>()
  await readEach(medium, keyring, wanted, (row, id) => void read.set(id, row))
  const rows = wanted.map(({ id }) => read.get(id) ?? null)
  return {
    entries: rows.flatMap((row) => (row !== null && 'entry' in row ? [row] : [])),
    unreadable: rows.flatMap((row) => (row !== null && 'unreadable' in row ? [row.unreadable] : [])),
    more: wanted.length < older.length,
  }
}

/** Several at once, in any order; null is what went away. Never rejects. */
export async function readEach(
  medium: Medium,
  keyring: Keyring,
  found: readonly Found[],
  take: (row: Row, id: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  await eachAtOnce(found, atOnce, async (one) => {
    if (!signal?.aborted) take(await readStored(medium, keyring, one), one.id)
  })
}

async function readStored(medium: Medium, keyring: Keyring, found: Found): Promise<Row> {
  try {
    const source = await medium.open(found.id, found)
    return source && (await readListed(source, keyring, found.id))
  } catch (error) {
    if (!(await isThere(medium, found.id).catch(() => true))) return null
    return { unreadable: { ...found, reason: describeFault(error) }, permanent: isPermanent(error) }
  }
}

async function readListed(source: Source, keyring: Keyring, id: string): Promise<ListedEntry> {
  try {
    const { facts: _, ...entry } = (await unseal(source, keyring, id)).entry
    return { entry, state: source.state, bytes: source.size }
  } finally {
    await source.close()
  }
}
