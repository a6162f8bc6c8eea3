import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { eachAtOnce } from '../../at-once.ts'
import { withinDeadline } from '../../disk-deadline.ts'
import { isEntryId } from '../entry-id.ts'
import { examineMedium } from '../examination.ts'
import { type Keeper, openKeeper } from '../keeper.ts'
import { openKeptEntries } from '../kept-entries.ts'
import type { Found, Medium } from '../medium.ts'
import type { Bounds } from '../retention.ts'
import type { EntryRoom } from '../room.ts'
import { openKeyring } from '../sealing/keyring.ts'
import type { QuarantineStore, UnreadableEntry } from '../store.ts'
import { claimFile, discardFile } from './claims.ts'
import { fileSize, openEntryFile } from './entry-file.ts'
import { type Folders, foldersOf, isMissing, move, openFolders } from './folders.ts'
import { openFreeSpace } from './free-space.ts'
import { removeLeftovers } from './leftovers.ts'
import { writeEntry } from './write-entry.ts'

export interface DirectoryStoreOptions extends Bounds {
  readonly directory: string
  /** At least 32 characters. */
  readonly encrypt: string
  /** Secrets that entries were encrypted with before: these can be read still. */
  readonly previousKeys?: readonly string[]
  /** Bytes of the disk that are for others. */
  readonly keepFree: number
}

/**
 * Entries as files of a directory: `held/<id>` and `releasing/<id>`. Rejects where the directory cannot be used or a
 * secret is too short, with an error for operators.
 */
export async function openDirectoryStore(options: DirectoryStoreOptions): Promise<QuarantineStore> {
  const keyring = openKeyring(options.encrypt, options.previousKeys)
  const folders = await openFolders(options.directory)
  await removeLeftovers(folders.incoming)
  return openKeptEntries(directoryMedium(folders, options.keepFree), keyring, options)
}

export async function openDirectoryKeeper(
  { directory, encrypt, previousKeys, keepFree }: Omit<DirectoryStoreOptions, keyof Bounds>,
  room: EntryRoom,
): Promise<Keeper> {
  const keyring = openKeyring(encrypt, previousKeys)
  return openKeeper(directoryMedium(await openFolders(directory), keepFree), keyring, room)
}

/** Those that cannot be read, as far as they are known when the signal is aborted. Changes nothing, and makes nothing. */
export async function examineDirectory(
  { directory, encrypt, previousKeys, keepFree }: Omit<DirectoryStoreOptions, keyof Bounds>,
  signal: AbortSignal,
): Promise<readonly UnreadableEntry[]> {
  const medium = directoryMedium(foldersOf(directory), keepFree)
  try {
    return await examineMedium(medium, openKeyring(encrypt, previousKeys), signal)
  } catch (error) {
    // Nothing has made its folders yet.
    if (isMissing(error)) return []
    throw error
  }
}

function directoryMedium(folders: Folders, keepFree: number): Medium {
  const space = openFreeSpace(folders.root, keepFree)
  return {
    look: () => lookInto(folders),
    write: (id, size, bytes, signal) => writeEntry(folders, space, id, { size, bytes }, signal),
    open: (id) => openEntryFile(folders, id),
    claim: (id) => claimFile(folders, id),
    unclaim: (id) => move(id, folders.releasing, folders.held),
    discard: (id, claimed) => discardFile(folders, id, claimed),
    tidy: () => removeLeftovers(folders.incoming),
    close: async () => {},
  }
}

/** Files that are asked for at once. */
const atOnce = 16

async function lookInto(folders: Folders): Promise<Found[]> {
  // By id: one that is claimed meanwhile is seen twice.
  const found = new Map<string, Found>()
  for (const state of ['held', 'releasing'] as const) {
    const names = (await withinDeadline(readdir(folders[state]))).filter(isEntryId)
    await eachAtOnce(names, atOnce, async (id) => {
      const bytes = await fileSize(join(folders[state], id))
      if (bytes !== null) found.set(id, { id, state, bytes })
    })
  }
  return [...found.values()]
}
