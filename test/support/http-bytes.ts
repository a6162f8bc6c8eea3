/** Reading HTTP/1.1 messages from bytes without any HTTP library, so that the tests see what is really on the wire. */
export interface Head {
  readonly line: string
  /** Name and value, in their order and case. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Where the body begins. */
  readonly end: number
}

/** Null while the head is incomplete. */
export function readHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [line = '', ...rest] = bytes.toString('latin1', 0, end).split('\r\n')
  return { line, fields: rest.map(toField), end: end + 4 }
}

function toField(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1).trim()]
}

export function valuesOf(fields: Head['fields'], name: string): string[] {
  return fields.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value)
}

export interface Body {
  readonly content: Buffer
  /** Just after the body. */
  readonly end: number
}

/** Null while the chunked body is incomplete. Trailers are skipped. */
export function readChunked(bytes: Buffer, start: number): Body | null {
  const chunks: Buffer[] = []
  for (let at = start; ; ) {
    const eol = bytes.indexOf('\r\n', at)
    if (eol < 0) return null
    const size = Number.parseInt(bytes.toString('latin1', at, eol), 16)
    if (Number.isNaN(size)) throw new Error(`no chunk size at ${at}`)
    if (size === 0) {
      const end = bytes.indexOf('\r\n\r\n', eol)
      return end < 0 ? null : { content: Buffer.concat(chunks), end: end + 4 }
    }
    if (bytes.length < eol + 2 + size + 2) return null
    chunks.push(bytes.subarray(eol + 2, eol + 2 + size))
    at = eol + 2 + size + 2
  }
}

export function readLength(bytes: Buffer, start: number, length: number): Body | null {
  const end = start + length
  return bytes.length < end ? null : { content: bytes.subarray(start, end), end }
}
