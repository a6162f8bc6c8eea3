import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Entry } from '../../src/quarantine/entry.ts'

/** UUIDv7 (RFC 9562) of a given time. */
export function entryIdAt(time: number): string {
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${randomUUID().slice(15)}`
}

/** A refused upload of one field and one file, and its contents one after another. */
export function refusedEntry(content: Buffer, over: Partial<Entry> = {}): { entry: Entry; bytes: Buffer } {
  const time = over.time ?? Date.now()
  const field = Buffer.from('C-17')
  const none = { filename: null, contentType: null, sha256: null }
  const sha256 = createHash('sha256').update(content).digest('hex')
  const file = { filename: 'häßlich".pdf', contentType: 'application/pdf', sha256 }
  const entry: Entry = {
    version: 1,
    id: entryIdAt(time),
    time,
    requestId: 'r-1',
    client: '127.0.0.1',
    route: '/upload',
    policy: 'files',
    owner: 'tests@example.com',
    configuration: 'c0ffee',
    upstream: 'backend',
    request: {
      method: 'POST',
      target: '/upload?x=1',
      host: 'localhost',
      traceparent: '00-00000000000000000000000000000001-0000000000000001-00',
      tracestate: null,
      scheme: 'http',
      forwardedFor: ['127.0.0.1'],
      headers: ['x-kept', 'yes'],
    },
    channel: 'multipart',
    facts: { channel: 'multipart', size: content.length + 300, parts: 2, fields: [], files: [], complete: true },
    findings: [],
    parts: [
      { kind: 'field', part: 1, name: 'claim', size: field.length, ...none },
      { kind: 'file', part: 2, name: 'photo', size: content.length, ...file },
    ],
    ...over,
  }
  return { entry, bytes: Buffer.concat([field, content]) }
}

/** The bytes in chunks of changing sizes, as they come from a spool. */
export async function* inChunks(bytes: Buffer, largest = 100_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + (randomBytes(4).readUInt32BE() % largest)
    yield bytes.subarray(at, at + size)
    at += size
  }
}
