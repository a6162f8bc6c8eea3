import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import busboy from 'busboy'
import type { Digest, PartDigest } from '../plan/compose-request.ts'

export interface ReceivedBody {
  /** Of the whole body; null where it is a form. */
  readonly whole: Digest | null
  /** In their order; null where the body is no form. */
  readonly parts: readonly PartDigest[] | null
}

/** Reads a body to its end, as digests. Rejects where a form cannot be read. */
export async function receiveBody(request: IncomingMessage): Promise<ReceivedBody> {
  const isForm = request.headers['content-type']?.startsWith('multipart/form-data') === true
  return isForm
    ? { whole: null, parts: await receiveParts(request) }
    : { whole: await digestOfAll(request), parts: null }
}

async function receiveParts(request: IncomingMessage): Promise<readonly PartDigest[]> {
  const parts: Promise<PartDigest>[] = []
  const reader = busboy({
    headers: request.headers,
    defParamCharset: 'utf8',
    preservePath: true,
    limits: { fieldSize: 64 * 1024 * 1024 },
  })
  reader.on('field', (field, value) => {
    const content = Buffer.from(value)
    const sha256 = createHash('sha256').update(content).digest('hex')
    parts.push(Promise.resolve({ field, file: null, size: content.length, sha256 }))
  })
  reader.on('file', (field, content, { filename }) => {
    const digest = digestOfAll(content).then((known) => ({ field, file: filename ?? '', ...known }))
    // Where the reader fails, that is what the caller hears of.
    digest.catch(() => undefined)
    parts.push(digest)
  })
  await pipeline(request, reader)
  return Promise.all(parts)
}

async function digestOfAll(content: Readable): Promise<Digest> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of content as AsyncIterable<Buffer>) {
    size += chunk.length
    hash.update(chunk)
  }
  return { size, sha256: hash.digest('hex') }
}
