import { S3ServiceError } from 's3mini'
import { describeFault } from '../../printable.ts'
import { isEntryId } from '../entry-id.ts'
import { examineMedium } from '../examination.ts'
import { type Keeper, openKeeper } from '../keeper.ts'
import { openKeptEntries } from '../kept-entries.ts'
import type { Found, Medium, Source } from '../medium.ts'
import type { Bounds } from '../retention.ts'
import type { EntryRoom } from '../room.ts'
import { openKeyring } from '../sealing/keyring.ts'
import type { Kept, QuarantineStore, UnreadableEntry } from '../store.ts'
import { claimPurpose, dropClaim, proveClaims, purposeOf, takeClaim } from './claims.ts'
import { type BucketClient, type BucketOptions, openBucketClient, statusOf } from './client.ts'
import { abortLeftovers } from './leftovers.ts'
import { listObjects, objectSize, openObject } from './objects.ts'
import { retried } from './retry.ts'
import { uploadObject } from './upload.ts'

export interface BucketStoreOptions extends Bounds, BucketOptions {
  /** At least 32 characters. */
  readonly encrypt: string
  /** Secrets that entries were encrypted with before: these can be read still. */
  readonly previousKeys?: readonly string[]
}

/**
 * Entries as objects of an S3-compatible bucket: `entries/<id>`, with `claims/<id>` beside those that somebody took.
 * Rejects where the bucket cannot be used, does not honour If-None-Match, or a secret is too short.
 */
export async function openBucketStore(options: BucketStoreOptions): Promise<QuarantineStore> {
  const keyring = openKeyring(options.encrypt, options.previousKeys)
  const client = openBucketClient(options)
  try {
    await proveClaims(client)
    return await openKeptEntries(bucketMedium(client), keyring, options)
  } catch (error) {
    await client.close()
    throw new Error(`the bucket ${options.bucket} cannot be used: ${describeFault(error)}`, { cause: error })
  }
}

export function openBucketKeeper(options: Omit<BucketStoreOptions, keyof Bounds>, room: EntryRoom): Keeper {
  const keyring = openKeyring(options.encrypt, options.previousKeys)
  return openKeeper(bucketMedium(openBucketClient(options)), keyring, room)
}

/** Those that cannot be read, as far as they are known when the signal is aborted. Changes nothing. */
export async function examineBucket(
  options: Omit<BucketStoreOptions, keyof Bounds>,
  signal: AbortSignal,
): Promise<readonly UnreadableEntry[]> {
  const client = openBucketClient({ timeout: 5000, ...options })
  try {
    return await examineMedium(bucketMedium(client), openKeyring(options.encrypt, options.previousKeys), signal)
  } finally {
    await client.close()
  }
}

function bucketMedium(client: BucketClient): Medium {
  return {
    look: () => lookInto(client),
    write: (id, size, sealed, signal) => write(client, id, size, sealed, signal),
    open: (id, found) => openEntry(client, id, found),
    claim: (id) => claim(client, id),
    unclaim: (id) => dropClaim(client, id),
    discard: (id, claimed) => discard(client, id, claimed),
    tidy: () => tidy(client),
    close: () => client.close(),
  }
}

const entryName = (id: string): string => `entries/${id}`

async function lookInto(client: BucketClient): Promise<Found[]> {
  const [entries, claims] = await Promise.all([listObjects(client, 'entries/'), listObjects(client, 'claims/')])
  const found: Found[] = []
  for (const [id, bytes] of entries) {
    const claim = claims.get(id)
    const removing = claim !== undefined && purposeOf(claim) === 'removing'
    if (isEntryId(id) && !removing) found.push({ id, state: claim === undefined ? 'held' : 'releasing', bytes })
  }
  return found
}

async function write(
  client: BucketClient,
  id: string,
  size: number,
  sealed: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<Kept> {
  try {
    await uploadObject(client, entryName(id), size, sealed, signal)
    return { kept: true }
  } catch (error) {
    // The answer may have been lost after the object was made.
    await deleteObject(client, entryName(id)).catch(() => {})
    signal.throwIfAborted()
    return { kept: false, reason: isFull(error) ? 'full' : 'failed', detail: describeFault(error) }
  }
}

/** 507 (RFC 4918), and the codes of Ceph and MinIO. */
function isFull(error: unknown): boolean {
  const codes = new Set(['QuotaExceeded', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded'])
  return statusOf(error) === 507 || (error instanceof S3ServiceError && codes.has(error.serviceCode ?? ''))
}

async function deleteObject(client: BucketClient, name: string): Promise<void> {
  await retried(() => client.with().deleteObject(`${client.prefix}${name}`))
}

async function openEntry(client: BucketClient, id: string, found?: Found): Promise<Source | null> {
  if (found) return openObject(client, entryName(id), found.bytes, found.state)
  const purpose = await claimPurpose(client, id)
  if (purpose === 'removing') return null
  const size = await objectSize(client, entryName(id))
  return size === null ? null : openObject(client, entryName(id), size, purpose ?? 'held')
}

async function claim(client: BucketClient, id: string): Promise<'claimed' | 'releasing' | 'absent'> {
  if ((await objectSize(client, entryName(id))) === null) return 'absent'
  if (!(await takeClaim(client, id, 'releasing'))) {
    return (await claimPurpose(client, id)) === 'releasing' ? 'releasing' : 'absent'
  }
  // Removed since: the claim of who did that is gone again.
  if ((await objectSize(client, entryName(id))) !== null) return 'claimed'
  await dropClaim(client, id)
  return 'absent'
}

/** The entry goes before its claim does: who gets the claim afterwards finds no entry. */
async function discard(client: BucketClient, id: string, claimed: boolean): Promise<boolean> {
  if ((await objectSize(client, entryName(id))) === null) return false
  if (!(await takeClaim(client, id, 'removing'))) {
    if (!claimed || (await claimPurpose(client, id)) !== 'releasing') return false
  }
  const there = (await objectSize(client, entryName(id))) !== null
  await deleteObject(client, entryName(id))
  await dropClaim(client, id)
  return there
}

/** Ends removals whose process died, and drops claims without an entry. */
async function tidy(client: BucketClient): Promise<void> {
  await abortLeftovers(client, 'entries/')
  // In this order: an entry is made before anybody can claim it.
  const claims = await listObjects(client, 'claims/')
  const entries = await listObjects(client, 'entries/')
  for (const [id, size] of claims) {
    if (!isEntryId(id)) continue
    if (!entries.has(id)) await dropClaim(client, id)
    else if (purposeOf(size) === 'removing') {
      await deleteObject(client, entryName(id))
      await dropClaim(client, id)
    }
  }
}
