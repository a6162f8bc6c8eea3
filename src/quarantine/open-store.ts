import type { QuarantineSettings } from '../config/configuration.ts'
import { examineDirectory, openDirectoryKeeper, openDirectoryStore } from './directory/open-directory-store.ts'
import type { Keeper } from './keeper.ts'
import type { EntryRoom } from './room.ts'
import type { QuarantineStore, UnreadableEntry } from './store.ts'

/** The quarantine that a configuration describes. Rejects, with an error for operators, where it cannot be used. */
export async function openStore(settings: QuarantineSettings): Promise<QuarantineStore> {
  const { directory, s3, ...common } = settings
  if (directory !== null) return openDirectoryStore({ ...common, directory })
  if (s3 === null) throw new Error('a quarantine has a directory or a bucket')
  // The client of buckets is loaded where there is one.
  const { openBucketStore } = await import('./bucket/open-bucket-store.ts')
  return openBucketStore({ ...common, ...s3 })
}

/** Keeps entries in it only; the room for them is another process's, which has opened the store. */
export async function openKeeperOf(settings: QuarantineSettings, room: EntryRoom): Promise<Keeper> {
  const { directory, s3, ...common } = settings
  if (directory !== null) return openDirectoryKeeper({ ...common, directory }, room)
  if (s3 === null) throw new Error('a quarantine has a directory or a bucket')
  const { openBucketKeeper } = await import('./bucket/open-bucket-store.ts')
  return openBucketKeeper({ ...common, ...s3 }, room)
}

/** The entries of it that cannot be read, as far as they are known when the signal is aborted. Changes nothing. */
export async function examineStore(
  settings: QuarantineSettings,
  signal: AbortSignal,
): Promise<readonly UnreadableEntry[]> {
  const { directory, s3, ...common } = settings
  if (directory !== null) return examineDirectory({ ...common, directory }, signal)
  if (s3 === null) throw new Error('a quarantine has a directory or a bucket')
  const { examineBucket } = await import('./bucket/open-bucket-store.ts')
  return examineBucket({ ...common, ...s3 }, signal)
}
