import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { type BucketClient, statusOf } from './client.ts'
import { objectSize } from './objects.ts'
import { retried } from './retry.ts'

/**
 * Why somebody has an entry. A bucket cannot rename: who makes the object `claims/<id>`, which the server lets one caller
 * do (`If-None-Match: *`, RFC 9110 section 13.1.2), has the entry. Who died while removing one is continued by others.
 */
export type Purpose = 'releasing' | 'removing'

/** Of a claim by its size, which listings tell: the purpose, a blank, a UUID. */
export function purposeOf(size: number): Purpose {
  return size === 'removing'.length + 37 ? 'removing' : 'releasing'
}

/** True where this call made the claim. */
export async function takeClaim(client: BucketClient, id: string, purpose: Purpose): Promise<boolean> {
  return createObject(client, claimName(id), Buffer.from(`${purpose} ${randomUUID()}`))
}

export async function dropClaim(client: BucketClient, id: string): Promise<void> {
  await retried(() => client.with().deleteObject(`${client.prefix}${claimName(id)}`))
}

export async function claimPurpose(client: BucketClient, id: string): Promise<Purpose | null> {
  const size = await objectSize(client, claimName(id))
  return size === null ? null : purposeOf(size)
}

function claimName(id: string): string {
  return `claims/${id}`
}

/** Makes an object that does not exist; false where it does. `content` differs from what anybody else writes. */
async function createObject(client: BucketClient, name: string, content: Buffer): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      await putIfAbsent(client, name, content)
      return true
    } catch (error) {
      const status = statusOf(error)
      // 409: another such request is under way and may fail (AWS); 412 after a lost answer may be about our own object.
      if (status === 412) return isOwn(client, name, content, tries)
      if (tries === 3 || (status !== null && status !== 409 && status < 500)) throw error
      await setTimeout(100 * tries)
    }
  }
}

async function isOwn(client: BucketClient, name: string, content: Buffer, tries: number): Promise<boolean> {
  if (tries === 1) return false
  return (await retried(() => client.with().getObject(`${client.prefix}${name}`))) === content.toString()
}

async function putIfAbsent(client: BucketClient, name: string, content: Buffer): Promise<void> {
  const condition = { 'if-none-match': '*' } as Record<`x-amz-${string}`, string>
  await client.with().putObject(`${client.prefix}${name}`, content, undefined, undefined, condition)
}

/** Rejects where the server lets two callers make the same object: both would release the entry. */
export async function proveClaims(client: BucketClient): Promise<void> {
  const name = `probe/${randomUUID()}`
  await putIfAbsent(client, name, Buffer.from('first'))
  try {
    await putIfAbsent(client, name, Buffer.from('second'))
  } catch (error) {
    if (statusOf(error) === 412) return
    throw error
  } finally {
    await retried(() => client.with().deleteObject(`${client.prefix}${name}`))
  }
  throw new Error('it ignores If-None-Match on PUT, so that two could release the same entry')
}
