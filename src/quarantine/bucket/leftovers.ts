import type { BucketClient } from './client.ts'

/** An upload that began so many milliseconds ago has no writer. */
const abandoned = 24 * 60 * 60 * 1000

/**
 * Breaks off uploads in parts whose process died. At most a thousand at a time, and none where the server does not list
 * them: a life-cycle rule of the bucket does the same.
 */
export async function abortLeftovers(client: BucketClient, folder: string): Promise<void> {
  const prefix = `${client.prefix}${folder}`
  const answer: unknown = await client
    .with()
    .listMultipartUploads('/', '', 'GET', { prefix })
    .catch(() => null)
  const uploads = member(member(answer, 'ListMultipartUploadsResult'), 'Upload') ?? []
  for (const upload of Array.isArray(uploads) ? (uploads as unknown[]) : [uploads]) {
    const key = member(upload, 'Key')
    const id = member(upload, 'UploadId')
    const begun = Date.parse(String(member(upload, 'Initiated')))
    if (typeof key !== 'string' || typeof id !== 'string' || !key.startsWith(prefix)) continue
    if (begun < Date.now() - abandoned)
      await client
        .with()
        .abortMultipartUpload(key, id)
        .catch(() => {})
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
