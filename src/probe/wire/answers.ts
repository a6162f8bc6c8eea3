/** An answer, as far as it came. */
export interface Answer {
  readonly status: number
  readonly location: string | null
  /** Seconds that the client is asked to wait; null where the answer does not say. */
  readonly retryAfter: number | null
  readonly body: Buffer
}

export interface Heard {
  /** Final answers that are whole. */
  readonly answers: readonly Answer[]
  /** The beginning of a further one. */
  readonly begun: Answer | null
  /** What came is no HTTP. */
  readonly garbage: boolean
}

interface Head {
  readonly status: number
  readonly fields: ReadonlyMap<string, string>
  readonly end: number
}

/** Reads answers from the bytes of a connection, however they are cut; what follows nonsense is left aside. */
export function readAnswers(bytes: Buffer, ended: boolean): Heard {
  const answers: Answer[] = []
  for (let rest = bytes; ; ) {
    const head = readHead(rest)
    if (head === null) return { answers, begun: null, garbage: isNoHttp(rest) }
    const body = head.status < 200 ? { content: noBytes, end: head.end } : readBody(rest, head, ended)
    if (body === null) return { answers, begun: answerOf(head, rest.subarray(head.end)), garbage: false }
    if (head.status >= 200) answers.push(answerOf(head, body.content))
    rest = rest.subarray(body.end)
  }
}

const noBytes = Buffer.alloc(0)
const statusLine = /^HTTP\/[0-9]\.[0-9] ([1-9][0-9]{2})(?: |$)/

function readHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [line = '', ...rows] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(statusLine.exec(line)?.[1] ?? 0)
  if (status === 0) return null
  const fields = new Map<string, string>()
  for (const row of rows) {
    const colon = row.indexOf(':')
    if (colon > 0) fields.set(row.slice(0, colon).toLowerCase(), row.slice(colon + 1).trim())
  }
  return { status, fields, end: end + 4 }
}

/** Half a status line may still become one. */
function isNoHttp(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 5)
  return !'HTTP/'.startsWith(start) || (bytes.includes('\r\n\r\n') && start !== '')
}

function answerOf({ status, fields }: Head, body: Buffer): Answer {
  const wait = fields.get('retry-after') ?? ''
  return {
    status,
    location: fields.get('location') ?? null,
    retryAfter: /^[0-9]{1,6}$/.test(wait) ? Number(wait) : null,
    body,
  }
}

interface Body {
  readonly content: Buffer
  readonly end: number
}

/** Null while it is not whole (RFC 9112 6.3). */
function readBody(bytes: Buffer, { status, fields, end }: Head, ended: boolean): Body | null {
  if (status === 204 || status === 304) return { content: noBytes, end }
  if (/\bchunked$/i.test(fields.get('transfer-encoding') ?? '')) return readChunks(bytes, end)
  const length = fields.get('content-length')
  if (length === undefined) return ended ? { content: bytes.subarray(end), end: bytes.length } : null
  const last = end + Number(length)
  return bytes.length >= last ? { content: bytes.subarray(end, last), end: last } : null
}

function readChunks(bytes: Buffer, start: number): Body | null {
  const chunks: Buffer[] = []
  for (let at = start; ; ) {
    const line = bytes.indexOf('\r\n', at)
    const size = line < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, line), 16)
    if (!(size >= 0)) return null
    if (size === 0) {
      const end = bytes.indexOf('\r\n\r\n', line)
      return end < 0 ? null : { content: Buffer.concat(chunks), end: end + 4 }
    }
    const from = line + 2
    if (bytes.length < from + size + 2) return null
    chunks.push(bytes.subarray(from, from + size))
    at = from + size + 2
  }
}
