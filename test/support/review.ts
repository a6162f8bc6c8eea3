import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import busboy from 'busboy'
import { keepRefused, type RefusedUpload } from '../../src/path/8-quarantine/keep.ts'
import type { HeldContent, HeldPart, InboundRequest, UploadFacts } from '../../src/path/types.ts'
import { violation } from '../../src/problems/violation.ts'
import type { QuarantineStore } from '../../src/quarantine/store.ts'

export interface Given {
  readonly name: string
  /** Null for a field. */
  readonly file?: string
  readonly type?: string
  readonly content: string
}

export const givenParts: readonly Given[] = [
  { name: 'claim_id', content: '42' },
  { name: 'photo', file: 'holiday.jpg', type: 'image/jpeg', content: 'x'.repeat(300_000) },
  { name: 'note', content: 'schöne Grüße\r\n--boundary' },
  { name: 'photo', file: 'übersicht.pdf', content: '%PDF-1.7' },
  { name: 'data', content: '{"a":1}', type: 'application/json' },
  { name: 'empty', file: '', content: '' },
]

export function inbound(over: Partial<InboundRequest> = {}): InboundRequest {
  return {
    id: randomUUID(),
    method: 'POST',
    target: '/upload?claim=1',
    host: 'claims.example:8080',
    rawHeaders: ['Host', 'claims.example:8080', 'User-Agent', 'test/1', 'Cookie', 'session=1', 'Accept', '*/*'],
    headers: {},
    body: { kind: 'chunked' },
    client: {
      address: '192.0.2.7',
      key: '192.0.2.7',
      trusted: false,
      scheme: 'https',
      host: 'claims.example:8080',
      forwardedFor: ['192.0.2.7'],
    },
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: null,
    ...over,
  }
}

/** A refused upload of these parts. */
export function refusedUpload(given: readonly Given[] = givenParts, over: Partial<RefusedUpload> = {}): RefusedUpload {
  const parts = given.map(heldPart)
  return {
    request: inbound(),
    policy: { name: 'files', owner: 'owner@example.com', quarantine: { headers: ['accept', 'user-agent'] } },
    route: '/upload',
    upstream: 'backend',
    configuration: '0123456789abcdef',
    channel: 'multipart',
    parts,
    facts: factsOf(parts, 'multipart'),
    verdict: {
      verdict: 'refused',
      action: 'refuse',
      findings: [
        {
          rule: 'file.type.mismatch',
          mode: 'enforce',
          violation: violation('file.type.mismatch', { part: 2, field: 'photo' }),
        },
      ],
      files: [],
    },
    ...over,
  }
}

/** The id of its entry in the store. */
export async function keepUpload(store: QuarantineStore, refused = refusedUpload()): Promise<string> {
  const kept = await keepRefused(store, refused, { deadline: 10_000, signal: new AbortController().signal })
  if (kept.id === null) throw new Error(`not kept: ${kept.detail}`)
  return kept.id
}

function heldPart({ name, file, type, content }: Given, index: number): HeldPart {
  const bytes = Buffer.from(content)
  const header = {
    part: index + 1,
    offset: 0,
    name,
    filename: file ?? null,
    contentType: type ?? null,
    asciiOnly: false,
    declaredLength: null,
  }
  if (file === undefined) return { kind: 'field', header, value: bytes, size: bytes.length, utf8: true }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { kind: 'file', header, content: inMemory(bytes), size: bytes.length, sha256 }
}

export function factsOf(parts: readonly HeldPart[], channel: 'multipart' | 'raw'): UploadFacts {
  return {
    channel,
    size: 1000,
    parts: parts.length,
    fields: [],
    files: parts.flatMap((part) =>
      part.kind === 'field'
        ? []
        : [
            {
              part: part.header.part,
              field: part.header.name,
              name: part.header.filename ?? '',
              size: part.size,
              sha256: part.sha256,
              declaredType: part.header.contentType,
              inspected: null,
              scans: [],
            },
          ],
    ),
    complete: true,
  }
}

function inMemory(bytes: Buffer): HeldContent {
  return {
    size: bytes.length,
    read: async (start, end) => bytes.subarray(start, end),
    views: () => [bytes],
    async *chunks() {
      yield bytes
    },
    slice: (start, end) => inMemory(bytes.subarray(start, end)),
  }
}

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** As busboy read them; a raw body is one part without a name. */
  readonly parts: readonly Given[]
}

export interface ReviewBackend {
  readonly url: string
  /** Requests that were read to their end. */
  readonly received: Received[]
  /** Requests whose head came. */
  readonly begun: () => number
  respond: (response: ServerResponse) => void
  readonly close: () => Promise<void>
}

/** A backend that reads every upload whole before it answers as it is told. */
export async function startReviewBackend(port = 0): Promise<ReviewBackend> {
  const received: Received[] = []
  let begun = 0
  const server = createServer((request, response) => {
    begun += 1
    const { method = '', url = '', headers } = request
    const parts: Given[] = []
    const done = (): void => {
      received.push({ method, url, headers, parts })
      backend.respond(response)
    }
    request.on('error', () => undefined)
    if (!String(headers['content-type']).startsWith('multipart/')) {
      const chunks: Buffer[] = []
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          parts.push({ name: '', content: String(Buffer.concat(chunks)), type: String(headers['content-type']) })
          done()
        })
      return
    }
    const reader = busboy({ headers, defParamCharset: 'utf8' })
    reader.on('field', (name, content, { mimeType }) => parts.push({ name, content, type: mimeType }))
    reader.on('file', (name, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = []
      const at = parts.push({ name, content: '' }) - 1
      stream
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          parts[at] = { name, file: filename ?? '', type: mimeType, content: String(Buffer.concat(chunks)) }
        })
    })
    reader.on('error', () => response.destroy()).on('close', done)
    request.pipe(reader)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const backend: ReviewBackend = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    begun: () => begun,
    respond: answering(201, 'taken'),
    async close() {
      server.closeAllConnections()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
  return backend
}

export function answering(status: number, text: string, headers: Record<string, string> = {}, after = 0) {
  return (response: ServerResponse): void => {
    setTimeout(() => response.writeHead(status, { 'Content-Type': 'text/plain', ...headers }).end(text), after)
  }
}
