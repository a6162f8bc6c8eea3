import type { Bytes } from '../../bytes.ts'

/** What the header of a message, or of a part of one, says of its content (RFC 2045, RFC 2183). */
export interface MailHeader {
  /** Lower case; `text/plain` where nothing is said. */
  readonly type: string
  readonly boundary: string | null
  /** Content-Transfer-Encoding in lower case. */
  readonly encoding: string
  /** Of the file that the part is; null where it has none. */
  readonly name: string | null
  /** Whether a field that decides how to read the content stands there twice. */
  readonly ambiguous: boolean
  /** Offset of the content. */
  readonly end: number
}

/** Bytes that a header may have; lists of receivers and signatures come to some ten thousand. */
const longest = 256 * 1024
/** Characters of one field that are looked at. */
const longestField = 16 * 1024

/** The header that begins at `start`; null where it is too long. */
export function readHeader(bytes: Bytes, start: number, end: number): MailHeader | null {
  const text = bytes.read(start, Math.min(end, start + longest)).toString('latin1')
  const close = /^\r?\n|\r?\n\r?\n/.exec(text)
  if (close === null && end - start > longest) return null
  const fields = fieldsOf(close === null ? text : text.slice(0, close.index))
  const [contentType = '', ...types] = fields.get('content-type') ?? []
  const [encoding = '', ...encodings] = fields.get('content-transfer-encoding') ?? []
  const [disposition = ''] = fields.get('content-disposition') ?? []
  const parameters = parametersOf(contentType)
  return {
    type: token(contentType) || 'text/plain',
    boundary: parameters.get('boundary') ?? null,
    encoding: token(encoding),
    name: parametersOf(disposition).get('filename') ?? parameters.get('name') ?? null,
    ambiguous: types.length + encodings.length > 0,
    end: close === null ? end : start + close.index + close[0].length,
  }
}

function fieldsOf(header: string): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  for (const line of header.replace(/\r?\n(?=[ \t])/g, '').split(/\r?\n/)) {
    const found = /^(content-(?:type|transfer-encoding|disposition))[ \t]*:/i.exec(line)
    if (found === null) continue
    const name = (found[1] ?? '').toLowerCase()
    // Two are enough to know that there is more than one.
    const known = fields.get(name) ?? []
    if (known.length < 2) fields.set(name, [...known, line.slice(found[0].length, longestField)])
  }
  return fields
}

function token(value: string): string {
  return (/^\s*([^\s;(]*)/.exec(value)?.[1] ?? '').toLowerCase()
}

const parameter = /;\s*([\w-]+)(\*\d{1,3})?(\*)?\s*=\s*(?:"((?:[^"\\]|\\[^])*)"|([^\s;"]*))/g

/** Parameters by their lower-case names; those in several pieces are put together (RFC 2231, §3). */
function parametersOf(value: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, key = '', piece, encoded, quoted, plain = ''] of value.matchAll(parameter)) {
    const name = key.toLowerCase()
    const text = quoted?.replace(/\\([^])/g, '$1') ?? plain
    const decoded = encoded === undefined ? words(text) : percent(text.replace(/^[\w-]*'[\w-]*'/, ''))
    if (piece !== undefined) found.set(name, (found.get(name) ?? '') + decoded)
    else if (encoded !== undefined || !found.has(name)) found.set(name, decoded)
  }
  return found
}

function percent(text: string): string {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Encoded words (RFC 2047), which programs write into file names although they should not. */
function words(text: string): string {
  return text.replace(/=\?[\w-]+(?:\*[\w-]+)?\?([bq])\?([^?\s]*)\?=\s*/gi, (_, kind: string, data: string) =>
    kind.toLowerCase() === 'b'
      ? Buffer.from(data, 'base64').toString('utf8')
      : percent(data.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/gi, '%$1')),
  )
}
