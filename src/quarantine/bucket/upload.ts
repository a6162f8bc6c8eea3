import type { UploadPart } from 's3mini'
import { batches } from '../sealing/batches.ts'
import type { BucketClient } from './client.ts'
import { objectSize } from './objects.ts'
import { retried } from './retry.ts'

/** The least that S3 takes as a part that is not the last; what is in memory for each entry under way. */
const smallestPart = 5 * 1024 * 1024
/** S3's limit. */
const mostParts = 10_000

/** Puts an object of a known size: whole, or not at all. Rejects with the error of the server or of the source. */
export async function uploadObject(
  client: BucketClient,
  name: string,
  size: number,
  bytes: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  const part = Math.max(smallestPart, Math.ceil(size / mostParts))
  const pieces = batches(bytes, part, signal)
  if (size > part) await uploadParts(client, name, size, pieces, signal)
  else await uploadAtOnce(client, name, pieces, signal)
}

async function uploadAtOnce(
  client: BucketClient,
  name: string,
  pieces: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  for await (const piece of pieces) {
    await retried(() => client.with(signal).putObject(`${client.prefix}${name}`, piece), signal)
  }
}

async function uploadParts(
  client: BucketClient,
  name: string,
  size: number,
  pieces: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  const s3 = client.with(signal)
  const key = `${client.prefix}${name}`
  const upload = await s3.getMultipartUploadId(key)
  try {
    const parts: UploadPart[] = []
    for await (const piece of pieces) {
      const number = parts.length + 1
      parts.push(await retried(() => s3.uploadPart(key, upload, piece, number), signal))
    }
    signal.throwIfAborted()
    await s3.completeMultipartUpload(key, upload, parts)
    // The answer to this request may be 200 with an error in its body.
    if ((await objectSize(client, name)) !== size) throw new Error('the server did not put the parts together')
  } catch (error) {
    await retried(() => client.with().abortMultipartUpload(key, upload)).catch(() => {})
    throw error
  }
}
