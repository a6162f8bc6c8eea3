import { createHash, randomBytes } from 'node:crypto'
import { type MadeFile, makeFile } from '../suite/make-file.ts'
import type { PlannedCase } from './plan.ts'

/** Content as it is told apart: by its length and its SHA-256 in hexadecimal. */
export interface Digest {
  readonly size: number
  readonly sha256: string
}

/** A part as it was sent, or as the backend read it. */
export interface PartDigest extends Digest {
  readonly field: string
  /** Null for a field. */
  readonly file: string | null
}

/** A case as it goes over the wire. */
export interface ComposedRequest {
  readonly method: string
  readonly path: string
  /** Null: that of the connection. */
  readonly host: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  /** What is in a form; null where the request is none. */
  readonly parts: readonly PartDigest[] | null
}

/** What a client would send for the case. Throws where a file on disk cannot be read any longer. */
export function composeRequest({ case: one, suite, aim, addedFields }: PlannedCase): ComposedRequest {
  const { request, fields, files, body } = one
  const raw = body === undefined ? null : makeFile(body, suite.folder)
  const form = { ...Object.fromEntries(addedFields.map((name) => [name, 'rehearsal'])), ...fields }
  const made = files.map((file) => makeFile(file, suite.folder))
  const isForm = raw === null && made.length + Object.keys(form).length > 0
  const target = {
    method: request.method ?? (isForm || raw !== null ? (aim?.method ?? 'POST') : 'GET'),
    path: request.path ?? aim?.path(raw?.name ?? null) ?? '/',
    host: request.host ?? aim?.host ?? null,
  }
  if (raw !== null) return { ...target, headers: withType(request.headers, raw.type), body: raw.content, parts: null }
  if (!isForm) return { ...target, headers: request.headers, body: null, parts: null }
  const boundary = `rehearsal-${randomBytes(16).toString('hex')}`
  return {
    ...target,
    headers: withType(request.headers, `multipart/form-data; boundary=${boundary}`),
    body: formBody(boundary, Object.entries(form), made),
    parts: [
      ...Object.entries(form).map(([field, value]) => ({ field, file: null, ...digestOf(Buffer.from(value)) })),
      ...made.map(({ field, name, content }) => ({ field, file: name, ...digestOf(content) })),
    ],
  }
}

export function digestOf(content: Buffer): Digest {
  return { size: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

function withType(headers: ComposedRequest['headers'], type: string | null): ComposedRequest['headers'] {
  return type === null ? headers : { ...headers, 'content-type': type }
}

/** As browsers write forms (HTML, multipart form data). */
function formBody(
  boundary: string,
  fields: readonly (readonly [string, string])[],
  files: readonly MadeFile[],
): Buffer {
  const pieces: Buffer[] = []
  const add = (disposition: string, type: string | null, content: Buffer): void => {
    const declared = type === null ? '' : `Content-Type: ${type}\r\n`
    const head = `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${declared}\r\n`
    pieces.push(Buffer.from(head), content, Buffer.from('\r\n'))
  }
  for (const [name, value] of fields) add(`name="${escaped(name)}"`, null, Buffer.from(value))
  for (const { field, name, type, content } of files) {
    add(`name="${escaped(field)}"; filename="${escaped(name)}"`, type, content)
  }
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)])
}

function escaped(name: string): string {
  return name.replace(/[\r\n"]/g, encodeURIComponent)
}
