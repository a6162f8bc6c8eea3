import { type Violation, violation } from '../../problems/violation.ts'

/** The values that framing depends on; null where the field is absent. Repeated Connection fields are joined. */
export interface FramingFields {
  host: string | null
  contentType: string | null
  contentLength: string | null
  contentEncoding: string | null
  transferEncoding: string | null
  expect: string | null
  upgrade: string | null
  connection: string | null
}

const maxFields = 100

const slots = new Map<string, keyof FramingFields>([
  ['host', 'host'],
  ['content-type', 'contentType'],
  ['content-length', 'contentLength'],
  ['content-encoding', 'contentEncoding'],
  ['transfer-encoding', 'transferEncoding'],
  ['expect', 'expect'],
])

/**
 * Request fields whose grammar is one value and not a list (RFC 9110, 6454, 6455, 6266), and the list fields of
 * framing that Sluice takes once. If-Match, If-None-Match, Cookie and Upgrade are lists and may repeat.
 */
const singleValued = new Map(
  [
    'host',
    'content-type',
    'content-length',
    'content-encoding',
    'transfer-encoding',
    'expect',
    'authorization',
    'proxy-authorization',
    'content-disposition',
    'content-range',
    'content-location',
    'origin',
    'referer',
    'user-agent',
    'from',
    'date',
    'max-forwards',
    'range',
    'if-range',
    'if-modified-since',
    'if-unmodified-since',
    'access-control-request-method',
    'sec-websocket-key',
  ].map((name, position) => [name, 1 << position]),
)

/** CGI, WSGI and their like turn every other character into an underscore, and so this name into another. */
const lookalikes = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'content-disposition',
  'content-range',
  'transfer-encoding',
])

/** Fields that every recipient must see; Connection must not nominate them for removal (RFC 9110 section 7.6.1). */
export function isEndToEnd(lowerName: string): boolean {
  return singleValued.has(lowerName) || lowerName === 'cookie' || lowerName === 'forwarded' || isOurs(lowerName)
}

function isOurs(lowerName: string): boolean {
  return lowerName.startsWith('x-forwarded-') || lowerName.startsWith('sluice-')
}

/** One pass over name and value by turns; the first repeated or look-alike field is the answer. */
export function readFramingFields(rawHeaders: readonly string[]): FramingFields | Violation {
  if (rawHeaders.length > 2 * maxFields) return violation('framing.headers.too-large')
  const fields: FramingFields = {
    host: null,
    contentType: null,
    contentLength: null,
    contentEncoding: null,
    transferEncoding: null,
    expect: null,
    upgrade: null,
    connection: null,
  }
  let seen = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    const bit = singleValued.get(name)
    if (bit === undefined) {
      const defect = readOther(fields, name, rawHeaders[i + 1] ?? '')
      if (defect !== null) return defect
      continue
    }
    if ((seen & bit) !== 0) return violation('framing.header.duplicate', { failed: `the header ${name} is repeated` })
    seen |= bit
    const slot = slots.get(name)
    if (slot !== undefined) fields[slot] = rawHeaders[i + 1] ?? ''
  }
  return fields
}

const plainName = /^[a-z0-9-]*$/

function readOther(fields: FramingFields, name: string, value: string): Violation | null {
  if (name === 'connection') fields.connection = join(fields.connection, value)
  else if (name === 'upgrade') fields.upgrade = join(fields.upgrade, value)
  else if (!plainName.test(name)) {
    const read = name.replace(/[^a-z0-9]/g, '-')
    if (lookalikes.has(read))
      return violation('framing.header.lookalike', { failed: `a header name can be read as ${read}` })
  }
  return null
}

function join(before: string | null, value: string): string {
  return before === null ? value : `${before}, ${value}`
}
