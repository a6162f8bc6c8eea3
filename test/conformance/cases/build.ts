import type { ProblemId } from '../../../src/problems/catalogue.ts'

export interface ExpectedFile {
  readonly field: string
  /** Empty for an input in which nothing was chosen. */
  readonly filename: string
  /** Without parameters; application/octet-stream where nothing was declared. */
  readonly type: string
  readonly content: Uint8Array | string
}

export interface Accepted {
  readonly fields: readonly (readonly [name: string, value: string, type?: string])[]
  readonly files: readonly ExpectedFile[]
}

/** One request body and what must become of it. */
export interface MultipartCase {
  readonly id: string
  readonly title: string
  /** Clause of an RFC, or row of a bypass catalogue (MP-…), or the parser or client that behaves so. */
  readonly source: string
  readonly contentType: string
  readonly body: Buffer
  /** `refuse`: the first problem of the answer is this one, or one of these. */
  readonly expect: { readonly accept: Accepted } | { readonly refuse: ProblemId | readonly ProblemId[] }
}

type Bytes = string | Uint8Array
type Row = Pick<MultipartCase, 'id' | 'title' | 'source' | 'body'> & { readonly contentType?: string }

export const boundary = '----SluiceCase7d93b1'
export const contentType = `multipart/form-data; boundary=${boundary}`
export const CRLF = '\r\n'

/** Strings are UTF-8. */
export function bytes(...pieces: readonly Bytes[]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)))
}

/** A whole form: each part is what stands between two delimiters. */
export function form(...parts: readonly Bytes[]): Buffer {
  return formWith(boundary, ...parts)
}

export function formWith(delimiter: string, ...parts: readonly Bytes[]): Buffer {
  const pieces = parts.flatMap((one) => [`--${delimiter}${CRLF}`, one, CRLF])
  return bytes(...pieces, `--${delimiter}--${CRLF}`)
}

export function part(headers: readonly Bytes[], content: Bytes = 'value'): Buffer {
  return bytes(...headers.flatMap((line) => [line, CRLF]), CRLF, content)
}

export const disposition = (parameters: string): string => `Content-Disposition: form-data; ${parameters}`

export function field(name: string, value = 'value'): Buffer {
  return part([disposition(`name="${name}"`)], value)
}

export function file(name: string, filename: string, type: string, content: Bytes): Buffer {
  return part([disposition(`name="${name}"; filename="${filename}"`), `Content-Type: ${type}`], content)
}

/** A form of one text file with this Content-Disposition. */
export function textFile(parameters: string, ...headers: readonly string[]): Buffer {
  return form(part([disposition(parameters), 'Content-Type: text/plain', ...headers], text))
}

export const text = 'a line of text\n'

/** What is expected of `textFile`. */
export const textFileNamed = (filename: string, name = 'f'): Accepted => ({
  fields: [],
  files: [{ field: name, filename, type: 'text/plain', content: text }],
})

export const fieldsOnly = (...fields: Accepted['fields']): Accepted => ({ fields, files: [] })

export function accepts(row: Row, accept: Accepted): MultipartCase {
  return { contentType, ...row, expect: { accept } }
}

export function refuses(row: Row, refuse: ProblemId | readonly ProblemId[]): MultipartCase {
  return { contentType, ...row, expect: { refuse } }
}
