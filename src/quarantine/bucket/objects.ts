import type { Source } from '../medium.ts'
import type { EntryState } from '../store.ts'
import { type BucketClient, statusOf } from './client.ts'
import { retried } from './retry.ts'

/** Bytes asked for at a time. */
const piece = 4 * 1024 * 1024

/** Sizes of all objects whose names begin so, by the rest of the name. */
export async function listObjects(client: BucketClient, folder: string): Promise<Map<string, number>> {
  const prefix = `${client.prefix}${folder}`
  const found = await retried(() => client.with().listObjects('/', prefix))
  if (found === null) throw new Error('the bucket does not exist')
  return new Map(found.map(({ Key, Size }) => [Key.slice(prefix.length), Size]))
}

/** Null where there is no such object. */
export async function objectSize(client: BucketClient, name: string): Promise<number | null> {
  try {
    return await retried(() => client.with().getContentLength(`${client.prefix}${name}`))
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw error
  }
}

export function openObject(client: BucketClient, name: string, size: number, state: EntryState): Source {
  const closed = new AbortController()
  return {
    size,
    piece,
    state,
    read: (start, end) => retried(() => readRange(client, name, start, end, closed.signal), closed.signal),
    async close() {
      closed.abort(new Error('the entry is closed'))
    },
  }
}

async function readRange(
  client: BucketClient,
  name: string,
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<Buffer> {
  signal.throwIfAborted()
  if (start >= end) return Buffer.alloc(0)
  const answer = await client.with(signal).getObjectRaw(`${client.prefix}${name}`, false, start, end)
  return readBody(answer, end - start)
}

/** A server that knows no ranges answers with more than was asked for. */
async function readBody(answer: Response, longest: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer.body ?? []) {
    length += chunk.length
    if (length > longest) throw new Error('the server sent more than the range that was asked for')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}
