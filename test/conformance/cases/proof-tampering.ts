import { createHash } from 'node:crypto'
import type { Received } from '../../support/proof-verifiers.ts'

/** What somebody between Sluice and the backend changes. */
export type Change = (request: Received) => Partial<Received>

export function replace(name: string, change: (value: string) => string): Change {
  return ({ headers }) => ({
    headers: headers.map(([field, value]) => [field, field.toLowerCase() === name ? change(value) : value] as const),
  })
}

function without(name: string): Change {
  return ({ headers }) => ({ headers: headers.filter(([field]) => field.toLowerCase() !== name) })
}

function plus(name: string, value: string): Change {
  return ({ headers }) => ({ headers: [...headers, [name, value]] })
}

const input = (from: string | RegExp, to: string): Change =>
  replace('signature-input', (text) => text.replace(from, to))
/** All that is covered, whatever the upload. */
export const required = ['@method', '@authority', '@path', '@query', 'content-digest', 'content-type', 'content-length']
const otherBody = Buffer.from('other')
export const digestOf = (body: Buffer): string => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`

/** With the reason for which each is refused; for a request that has all that can be tampered with. */
export const tampering: readonly (readonly [what: string, reason: string, change: Change])[] = [
  ['no signature', 'form', without('signature')],
  ['no input', 'form', without('signature-input')],
  ['a second signature', 'form', plus('Signature', 'sluice=:AAAA:')],
  ['a second input', 'form', plus('signature-input', 'sluice=()')],
  ['another label', 'form', replace('signature', (value) => value.replace('sluice', 'other'))],
  ['another signature besides', 'form', replace('signature', (value) => `${value}, other=:AAAA:`)],
  ['an input besides', 'form', input(/$/, ', other=("@method")')],
  ['nothing covered', 'form', input(/\(.*\)/, '()')],
  ['a parameter of a component', 'form', input('"content-digest"', '"content-digest";req')],
  ['white space that Sluice does not write', 'form', input('("@method"', '( "@method"')],
  ['no time', 'form', input(/;created=\d+/, '')],
  ['no end', 'form', input(/;expires=\d+/, '')],
  ['a time that is a string', 'form', input(/;created=(\d+)/, ';created="$1"')],
  ['a signature that is no base64', 'form', replace('signature', () => 'sluice=:AAAAA:')],
  ['no bytes', 'form', replace('signature', () => 'sluice=::')],
  ['a line break in the path', 'form', () => ({ path: '/upload\n"@query": ?' })],
  ['a character that is no byte', 'form', ({ path }) => ({ path: path.replace('u', '\u0175') })],
  ['a component twice', 'duplicate', input('"@path"', '"@path" "@path"')],
  ['a parameter twice', 'duplicate', input(/$/, ';created=1')],
  ...[...required, 'sluice-verdict', 'sluice-files', 'sluice-removed'].map(
    (name) => [`${name} not covered`, 'uncovered', input(new RegExp(`(?<=\\()"${name}" | "${name}"`), '')] as const,
  ),
  ['a field in the name of Sluice', 'uncovered', plus('Sluice-Owner', 'me')],
  ['the same by another spelling', 'uncovered', plus('SLUICE_OWNER', 'me')],
  ['a covered field taken away', 'missing', without('sluice-files')],
  ['a component of answers', 'missing', input('"@method"', '"@method" "@status"')],
  ['another tag', 'tag', input('tag="sluice"', 'tag="scan"')],
  ['no tag', 'tag', input(';tag="sluice"', '')],
  ['from the future', 'future', ({ now }) => ({ now: now - 60 })],
  ['too old', 'expired', ({ now }) => ({ now: now + 360 })],
  ['made younger', 'signature', input(/;created=(\d+)/, `;created=${Math.floor(Date.now() / 1000) - 9}`)],
  ['an unknown key', 'key', ({ keys }) => ({ keys: keys.map(([, ...key]) => ['k2', ...key] as const) })],
  ['a key named as what every object has', 'key', input('keyid="k1"', 'keyid="constructor"')],
  ['no key', 'key', input(/;keyid="k1"/, '')],
  ['another algorithm', 'algorithm', input(/alg="[^"]*"/, 'alg="rsa-pss-sha512"')],
  ['no algorithm', 'algorithm', input(/;alg="[^"]*"/, '')],
  ['another method', 'signature', () => ({ method: 'PUT' })],
  ['another host', 'signature', () => ({ authority: 'other.example' })],
  ['another path', 'signature', ({ path }) => ({ path: `${path}/` })],
  ['another query', 'signature', ({ query }) => ({ query: `${query ?? ''}&admin` })],
  ['another verdict', 'signature', replace('sluice-verdict', (value) => value.replace('stripped', 'clean'))],
  ['other files', 'signature', replace('sluice-files', (value) => value.replace(/[0-9a-f]/, 'x'))],
  ['a field that has a second value', 'signature', plus('sluice-verdict', 'clean')],
  ['another type', 'signature', replace('content-type', () => 'application/zip')],
  ['another nonce', 'signature', input('nonce="', 'nonce="_')],
  ['another body', 'digest', () => ({ body: otherBody })],
  ['a byte more', 'digest', ({ body }) => ({ body: Buffer.concat([body, Buffer.alloc(1)]) })],
  [
    'another body with its digest',
    'signature',
    (request) => ({ body: otherBody, ...replace('content-digest', () => digestOf(otherBody))(request) }),
  ],
]
