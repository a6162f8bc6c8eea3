import type { QuarantineSettings } from '../config/configuration.ts'
import { openDirectoryStore } from './directory/open-directory-store.ts'
import type { QuarantineStore } from './store.ts'

/** The quarantine that a configuration describes. Rejects, with an error for operators, where it cannot be used. */
export async function openStore(settings: QuarantineSettings): Promise<QuarantineStore> {
  const { directory, s3, ...common } = settings
  if (directory !== null) return openDirectoryStore({ ...common, directory })
  if (s3 === null) throw new Error('a quarantine has a directory or a bucket')
  // The client of buckets is loaded where there is one.
  const { openBucketStore } = await import('./bucket/open-bucket-store.ts')
  return openBucketStore({ ...common, ...s3 })
}
