/**
 * Verifies that a request comes from Sluice, with this body and this verdict. Needs nothing but Node.
 * It accepts the one form of HTTP Message Signatures (RFC 9421) that Sluice writes, and nothing else.
 */
import { createHash, createHmac, createPublicKey, timingSafeEqual, verify as verifySignature } from 'node:crypto'

/** A shared secret, or an Ed25519 public key in PEM. */
export type Key =
  | { readonly algorithm: 'hmac-sha256'; readonly secret: string }
  | { readonly algorithm: 'ed25519'; readonly publicKey: string }

export interface ReceivedRequest {
  readonly method: string
  /** The Host field. */
  readonly authority: string
  /** Of the request target as received, not decoded. */
  readonly path: string
  /** The same, without its "?"; null where there is none. */
  readonly query: string | null
  /** All that were received, name and value by turns: `rawHeaders` of Node. */
  readonly headers: readonly string[]
  readonly body: Uint8Array | Iterable<Uint8Array>
}

export interface Rules {
  /** By which the backend is addressed. */
  readonly scheme?: 'http' | 'https'
  /** Seconds since 1970. */
  readonly now?: number
  /** Seconds. */
  readonly maxAge?: number
  readonly skew?: number
}

/** The request is not proven to come from Sluice as it is; the message is the reason, in one word. */
export class Refused extends Error {}

const required = [
  '@method',
  '@authority',
  '@path',
  '@query',
  'content-digest',
  'content-type',
  'content-length',
  'sluice-verdict',
]
const inputForm = /^sluice=(\(("[a-z0-9@-]+"(?: "[a-z0-9@-]+")*)\)((?:;[a-z]+=(?:[0-9]{1,15}|"[^"\\]*"))*))$/
const parameterForm = /;([a-z]+)=(?:([0-9]+)|"([^"]*)")/g
const signatureForm = /^sluice=:((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?):$/
const digestForm = /^sha-256=:([A-Za-z0-9+/]{43}=):$/

/** The proven fields by name (lower case), `sluice-verdict` among them. Throws `Refused`. */
export function verify(
  request: ReceivedRequest,
  keys: ReadonlyMap<string, Key>,
  rules: Rules = {},
): Map<string, string> {
  const fields = gather(request.headers)
  const input = inputForm.exec(fields.get('signature-input') ?? '')
  const signature = signatureForm.exec(fields.get('signature') ?? '')
  if (!input || !signature) throw new Refused('form')
  const [, parameters = '', list = '', tail = ''] = input
  const names = list.split(' ').map((name) => name.slice(1, -1))
  checkCovered(names, fields)
  const key = checkParameters(tail, keys, rules)
  const values = new Map([...fields, ...derived(request, rules)])
  // A line of its own, or a character that is no byte (which latin1 would cut to one), reads as something else.
  if (names.some((name) => /[\n\u0100-\uffff]/.test(values.get(name) ?? ''))) throw new Refused('form')
  const lines = names.map((name) => `"${name}": ${values.get(name)}\n`)
  const base = Buffer.from(`${lines.join('')}"@signature-params": ${parameters}`, 'latin1')
  if (!isGood(key, base, Buffer.from(signature[1] ?? '', 'base64'))) throw new Refused('signature')
  checkBody(request.body, fields)
  return new Map([...fields].filter(([name]) => names.includes(name)))
}

function gather(headers: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>()
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase().replaceAll('_', '-')
    const value = (headers[index + 1] ?? '').replace(/^[ \t]+|[ \t]+$/g, '')
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return fields
}

function derived({ method, authority, path, query }: ReceivedRequest, { scheme }: Rules): [string, string][] {
  const host = authority.toLowerCase().replace(scheme === 'https' ? /:443$/ : /:80$/, '')
  return [
    ['@method', method],
    ['@authority', host],
    ['@path', path],
    ['@query', `?${query ?? ''}`],
  ]
}

function checkCovered(names: readonly string[], fields: ReadonlyMap<string, string>): void {
  const covered = new Set(names)
  if (covered.size !== names.length) throw new Refused('duplicate')
  if (!names.every((name) => (name.startsWith('@') ? required.includes(name) : fields.has(name))))
    throw new Refused('missing')
  // What Sluice did not write must not be taken for its own.
  const ours = [...fields.keys()].filter((name) => name.startsWith('sluice-'))
  if (![...required, ...ours].every((name) => covered.has(name))) throw new Refused('uncovered')
}

function checkParameters(text: string, keys: ReadonlyMap<string, Key>, rules: Rules): Key {
  const { now = Date.now() / 1000, maxAge = 300, skew = 30 } = rules
  const found = [...text.matchAll(parameterForm)].map(([, name = '', number, string]): [string, number | string] => [
    name,
    number ? Number(number) : (string ?? ''),
  ])
  const parameters = new Map(found)
  if (parameters.size !== found.length) throw new Refused('duplicate')
  if (parameters.get('tag') !== 'sluice') throw new Refused('tag')
  const created = parameters.get('created')
  const expires = parameters.get('expires')
  if (typeof created !== 'number' || typeof expires !== 'number') throw new Refused('form')
  if (created > now + skew) throw new Refused('future')
  if (now > Math.min(expires, created + maxAge) + skew) throw new Refused('expired')
  const key = keys.get(String(parameters.get('keyid')))
  if (!key) throw new Refused('key')
  // The key says how it is to be used; the message can only agree.
  if (parameters.get('alg') !== key.algorithm) throw new Refused('algorithm')
  return key
}

function isGood(key: Key, base: Buffer, signature: Buffer): boolean {
  if (key.algorithm === 'hmac-sha256') return isSame(createHmac('sha256', key.secret).update(base).digest(), signature)
  const publicKey = createPublicKey(key.publicKey)
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new TypeError('the key is not an Ed25519 public key')
  return verifySignature(null, base, publicKey, signature)
}

function checkBody(body: ReceivedRequest['body'], fields: ReadonlyMap<string, string>): void {
  const hash = createHash('sha256')
  let length = 0
  for (const chunk of body instanceof Uint8Array ? [body] : body) {
    hash.update(chunk)
    length += chunk.length
  }
  const stated = digestForm.exec(fields.get('content-digest') ?? '')
  if (!stated || !isSame(Buffer.from(stated[1] ?? '', 'base64'), hash.digest())) throw new Refused('digest')
  if (fields.get('content-length') !== String(length)) throw new Refused('length')
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
