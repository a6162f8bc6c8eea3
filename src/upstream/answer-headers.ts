import type { RawHeaders } from './answer-sink.ts'
import { nominated } from './hop-by-hop.ts'

/** Connection fields (RFC 9110 7.6.1); the framing of the answer to the client is Node's. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
])

export interface AnswerHeaders {
  /** Name and value by turns, in the order, case and number in which they came. */
  readonly fields: string[]
  /** Whether a Content-Length is among them. */
  readonly length: boolean
}

/** The header fields of a backend's answer that travel on to the client. */
export function answerHeaders(status: number, rawHeaders: RawHeaders): AnswerHeaders {
  const fields: string[] = []
  let options = ''
  let length = -1
  let chunked = false
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = text(rawHeaders[index])
    const value = text(rawHeaders[index + 1])
    const lower = name.toLowerCase()
    if (!hopByHop.has(lower)) {
      if (lower === 'content-length') length = fields.length
      fields.push(name, value)
    } else if (lower === 'connection') options += options === '' ? value : `,${value}`
    else if (lower === 'transfer-encoding') chunked = true
  }
  if (length >= 0 && (chunked || contradicts(status, fields[length + 1]))) {
    fields.splice(length, 2)
    length = -1
  }
  const drop = options === '' ? null : nominated(options)
  return { fields: drop ? without(fields, drop) : fields, length: length >= 0 }
}

/** A 204 has no content (RFC 9110 8.6); a length other than 0 would make the client wait for it. */
function contradicts(status: number, length: string | undefined): boolean {
  return status === 204 && length !== '0'
}

function without(fields: string[], drop: ReadonlySet<string>): string[] {
  const kept: string[] = []
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? ''
    if (!drop.has(name.toLowerCase())) kept.push(name, fields[index + 1] ?? '')
  }
  return kept
}

function text(value: Buffer | string | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '')
}
