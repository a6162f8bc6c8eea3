import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { answerHeaders } from '../upstream/answer-headers.ts'

/** RFC 6455 1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Base64 of 16 bytes (RFC 6455 4.1). */
export function isKey(key: string): boolean {
  return /^[A-Za-z0-9+/]{22}==$/.test(key)
}

/**
 * Whether a 101 is the answer to this very handshake (RFC 6455 4.1): only then is what follows WebSocket on both sides,
 * and not a second HTTP conversation that nobody judges.
 */
export function acceptsKey(answer: IncomingMessage, key: string | undefined): boolean {
  const expected = createHash('sha1').update(`${key?.trim()}${guid}`).digest('base64')
  return (
    answer.headers.upgrade?.toLowerCase() === 'websocket' && answer.headers['sec-websocket-accept']?.trim() === expected
  )
}

/** The fields of a 101 for the client, in the form in which http-proxy writes them. */
export function switchingHeaders(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string | string[]> = Object.create(null)
  Object.assign(headers, { Connection: 'Upgrade', Upgrade: 'websocket' })
  const { fields } = answerHeaders(101, rawHeaders)
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? ''
    const value = fields[index + 1] ?? ''
    const earlier = headers[name]
    headers[name] = earlier === undefined ? value : [earlier, value].flat()
  }
  return headers
}
