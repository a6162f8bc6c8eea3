import { type Violation, violation } from '../../problems/violation.ts'
import { parseAuthority, sameAuthority, splitAbsoluteForm } from './authority.ts'
import { type FramingFields, isEndToEnd, readFramingFields } from './header-fields.ts'

/** What Node's parser has read of a request: the request line and the fields, name and value by turns. */
export interface Head {
  readonly method: string
  readonly url: string
  /** "1.1" or "1.0". */
  readonly httpVersion: string
  readonly rawHeaders: readonly string[]
}

/**
 * What llhttp lets through although two readers can disagree about it (RFC 9112 sections 3, 6 and 11.2). Null where the
 * framing is unambiguous. Must run before anything reads the body or believes `message.headers`.
 */
export function checkFraming(head: Head): Violation | null {
  const fields = readFramingFields(head.rawHeaders)
  if ('failed' in fields) return fields
  return (
    checkRequestLine(head) ??
    checkValues(fields) ??
    checkHost(head, fields.host) ??
    checkBody(head.httpVersion, fields) ??
    checkOptions(fields)
  )
}

function checkRequestLine({ method, url, httpVersion }: Head): Violation | null {
  if (method === 'CONNECT' || method === 'TRACE') return violation('framing.method')
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return malformed('the HTTP version is neither 1.0 nor 1.1')
  if (url.includes('#')) return malformed('the request target has a fragment')
  if (url === '*' && method !== 'OPTIONS') return malformed('the target "*" is for OPTIONS only')
  return null
}

// Printable ASCII and the tab of optional white space; a list of bytes that llhttp already refuses is not relied on.
const visible = /^[\t\x20-\x7e]*$/

function checkValues(fields: FramingFields): Violation | null {
  for (const name of ['contentType', 'contentEncoding', 'connection', 'upgrade'] as const) {
    const value = fields[name]
    if (value !== null && !visible.test(value)) return malformed('a header has control characters or bytes not ASCII')
  }
  return null
}

function checkHost({ url, httpVersion }: Head, host: string | null): Violation | null {
  const own = host === null ? null : parseAuthority(host)
  if (own === null && host !== null) return violation('framing.host', { failed: 'Host is not a valid authority' })
  // HTTP/1.0 knows no Host (RFC 9112 appendix C.1.1).
  if (own === null && httpVersion !== '1.0') return violation('framing.host', { failed: 'Host is missing' })
  if (url.startsWith('/') || url === '*') return null
  const absolute = splitAbsoluteForm(url)
  if (absolute?.scheme !== 'http') return malformed('the request target is neither a path nor an http address')
  const authority = parseAuthority(absolute.authority)
  if (authority === null) return violation('framing.host', { failed: 'the request target has no valid authority' })
  if (own === null || sameAuthority(own, authority)) return null
  return violation('framing.host', { failed: 'Host differs from the authority of the request target' })
}

function checkBody(httpVersion: string, fields: FramingFields): Violation | null {
  const { contentLength, transferEncoding } = fields
  if (transferEncoding !== null) {
    if (httpVersion === '1.0') return coding('HTTP/1.0 has no Transfer-Encoding')
    if (!/^[\t ]*chunked[\t ]*$/i.test(transferEncoding)) return coding('Transfer-Encoding is not exactly "chunked"')
    if (contentLength !== null) return coding('both Content-Length and Transfer-Encoding are given')
  }
  if (contentLength === null) return null
  const valid = /^[0-9]{1,19}$/.test(contentLength) && Number.isSafeInteger(Number(contentLength))
  return valid ? null : malformed('Content-Length is not a number of bytes')
}

function checkOptions(fields: FramingFields): Violation | null {
  const { expect, connection, upgrade } = fields
  if (expect !== null && expect.toLowerCase() !== '100-continue') return violation('framing.expectation')
  if (connection === null) return null
  let upgrades = false
  for (const option of connection.toLowerCase().split(',')) {
    const name = option.trim()
    if (name === 'upgrade') upgrades = true
    // Otherwise a client has the gateway remove what it was judged by.
    else if (isEndToEnd(name)) return malformed('Connection names a header that is not of this connection')
  }
  // h2c is ignored rather than refused: Java's HttpClient offers it with the first body on any plain connection.
  if (upgrades && upgrade !== null && hasBody(fields) && /websocket/i.test(upgrade)) return violation('framing.upgrade')
  return null
}

function hasBody({ contentLength, transferEncoding }: FramingFields): boolean {
  return transferEncoding !== null || (contentLength !== null && Number(contentLength) > 0)
}

function malformed(failed: string): Violation {
  return violation('framing.malformed', { failed })
}

function coding(failed: string): Violation {
  return violation('framing.transfer-encoding', { failed })
}
