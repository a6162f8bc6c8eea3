import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import t from 'tap'
import { verdictHeaders } from '../../src/path/8-release/verdict-headers.ts'
import { serverTiming } from '../../src/path/server-timing.ts'
import { readSigningKey } from '../../src/signatures/read-key.ts'
import { signBase, signMessage } from '../../src/signatures/sign.ts'
import { signatureBase } from '../../src/signatures/signature-base.ts'
import { signer } from '../../src/signatures/signer.ts'
import type { SignedMessage, SigningKey } from '../../src/signatures/signing-key.ts'

// RFC 9421, appendix B.1.4, B.1.5 and B.2.
const ed25519Pem =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n'
const sharedSecret = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=='
const request: SignedMessage = {
  method: 'POST',
  origin: 'https://example.com',
  target: '/foo?param=Value&Pet=dog',
  headers: [
    ['Host', 'example.com'],
    ['Date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
    ['Content-Type', 'application/json'],
    ['Content-Length', '18'],
  ].flat(),
}

const vectors = [
  {
    name: 'B.2.5',
    key: { algorithm: 'hmac-sha256', id: '', key: createSecretKey(Buffer.from(sharedSecret, 'base64')) },
    covered: ['date', '@authority', 'content-type'],
    parameters: ';created=1618884473;keyid="test-shared-secret"',
    signature: 'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=',
  },
  {
    name: 'B.2.6',
    key: readSigningKey(ed25519Pem, '') as SigningKey,
    covered: ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
    parameters: ';created=1618884473;keyid="test-key-ed25519"',
    signature: 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
  },
] as const

t.test('the test vectors of RFC 9421', (t) => {
  for (const { name, key, covered, parameters, signature } of vectors) {
    const list = `(${covered.map((component) => `"${component}"`).join(' ')})`
    const base = signatureBase(request, covered, `${list}${parameters}`)
    t.equal(signBase(key, base).toString('base64'), signature, name)
  }
  t.end()
})

function valueOf(component: string, changed: Partial<SignedMessage>): string {
  const [line = ''] = signatureBase({ ...request, ...changed }, [component], '()')
    .toString('latin1')
    .split('\n')
  return line.slice(component.length + 4)
}

t.test('components are what goes on the wire', (t) => {
  const rows: [component: string, changed: Partial<SignedMessage>, value: string][] = [
    ['@method', { method: 'post' }, 'post'],
    ['@authority', { origin: 'http://EXAMPLE.com:80' }, 'example.com'],
    ['@authority', { origin: 'https://example.com:443' }, 'example.com'],
    ['@authority', { origin: 'http://example.com:443' }, 'example.com:443'],
    ['@authority', { origin: 'http://example.com:8080' }, 'example.com:8080'],
    ['@authority', { origin: 'http://[2001:DB8::80]' }, '[2001:db8::80]'],
    ['@authority', { origin: 'http://0x7f.1' }, '0x7f.1'],
    ['@path', { target: '/a/../b//%2E%2e/%c3\xa9;x=1?q' }, '/a/../b//%2E%2e/%c3\xa9;x=1'],
    ['@path', { target: '/?/b' }, '/'],
    ['@query', { target: '/a?b=?c&d' }, '?b=?c&d'],
    ['@query', { target: '/a?' }, '?'],
    ['@query', { target: '/a' }, '?'],
    ['x-a', { headers: ['X-A', ' 1\t', 'X-B', 'x-a', 'x-a', '2', 'X-A', ''] }, '1, 2, '],
  ]
  for (const [component, changed, value] of rows) t.equal(valueOf(component, changed), value, `${component} ${value}`)
  t.throws(() => valueOf('x-none', {}), /not there/)
  t.throws(() => valueOf('@status', {}), /no component/)
  t.end()
})

t.test('a signed message says how it was signed', (t) => {
  const key = readSigningKey(ed25519Pem, 'a"b\\c') as SigningKey
  const options = { created: new Date(1_700_000_000_999), tag: 'sluice', nonce: 'n' }
  const parameters =
    '("@method" "date");created=1700000000;expires=1700000300;nonce="n";keyid="a\\"b\\\\c";alg="ed25519";tag="sluice"'
  const [inputName, input, signatureName, signature = ''] = signMessage(key, request, ['@method', 'date'], options)
  t.same([inputName, input, signatureName], ['Signature-Input', `sluice=${parameters}`, 'Signature'])
  const bytes = Buffer.from(/^sluice=:(.*):$/.exec(signature)?.[1] ?? '', 'base64')
  t.ok(verify(null, signatureBase(request, ['@method', 'date'], parameters), createPublicKey(ed25519Pem), bytes))
  t.throws(() => signMessage({ ...key, id: 'é' }, request, [], options), /printable/)
  const [, ofScan] = signer(key, 'scan')({ ...request, headers: ['Sluice-File-Sha256', 'ab'] })
  t.match(ofScan, /^sluice=\("@method" "@authority" "@path" "@query" "sluice-file-sha256"\);.*;tag="scan"$/)
  t.end()
})

t.test('a verdict does not hide that a file which was left in is unscanned', (t) => {
  const of = (word: 'clean' | 'unscanned') =>
    verdictHeaders(
      'files',
      {
        verdict: 'refused',
        action: 'strip',
        findings: [],
        files: [
          { part: 1, verdict: 'refused', releaseName: 'a' },
          { part: 2, verdict: word, releaseName: 'b' },
        ],
      },
      [],
    )[1]
  t.equal(of('clean'), 'stripped;policy="files";files=0')
  t.equal(of('unscanned'), 'stripped;policy="files";files=0;unscanned')
  t.end()
})

t.test('keys are read, or not at all', (t) => {
  const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' })
  const ed = generateKeyPairSync('ed25519')
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const encrypted = ed.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
  const rows: [what: string, text: string, algorithm: string | undefined][] = [
    ['Ed25519', pem(ed.privateKey), 'ed25519'],
    ['Ed25519 with text before it and CRLF', `a key\r\n${pem(ed.privateKey).replaceAll('\n', '\r\n')}`, 'ed25519'],
    ['32 characters', 'x'.repeat(32), 'hmac-sha256'],
    ['31 characters', 'x'.repeat(31), undefined],
    ['nothing', '', undefined],
    ['public', ed.publicKey.export({ type: 'spki', format: 'pem' }), undefined],
    ['encrypted', encrypted, undefined],
    ['EC', pem(ec.privateKey), undefined],
    ['EC, SEC 1', ec.privateKey.export({ type: 'sec1', format: 'pem' }), undefined],
    ['RSA', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey), undefined],
    ['X25519', pem(generateKeyPairSync('x25519').privateKey), undefined],
    ['half a PEM', pem(ed.privateKey).slice(0, 60), undefined],
  ]
  for (const [what, text, algorithm] of rows) t.equal(readSigningKey(text, 'k')?.algorithm, algorithm, what)
  t.equal(readSigningKey('x'.repeat(32), 'k')?.id, 'k')
  t.end()
})

t.test('Server-Timing tells the stages of an upload in their order', (t) => {
  const timings = { release: 12, connection: 1, scan: 0.04, multipart: 1234.56, relay: 3, hold: 0 }
  t.same(serverTiming(timings), ['Server-Timing', 'multipart;dur=1234.6, hold;dur=0.0, scan;dur=0.0, release;dur=12.0'])
  t.same(serverTiming({ connection: 1, route: 1 }), [])
  t.end()
})
