import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import t from 'tap'
import { contentDigest } from '../../src/path/8-release/content-digest.ts'
import { readSigningKey } from '../../src/signatures/read-key.ts'
import { signMessage } from '../../src/signatures/sign.ts'
import type { SigningKey } from '../../src/signatures/signing-key.ts'
import { startGateway } from '../support/gateway.ts'
import { valuesOf } from '../support/http-bytes.ts'
import { chunk, pngWith } from '../support/image-zoo.ts'
import { plainAnswer, type SeenRequest, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { missingPython, type Received, verifyWithNode, verifyWithPython } from '../support/proof-verifiers.ts'
import { ask } from '../support/raw-client.ts'
import { type Change, digestOf, replace, required, tampering } from './cases/proof-tampering.ts'

const pair = generateKeyPairSync('ed25519')
const privatePem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' })
const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' })
const secret = randomBytes(24).toString('base64')

/** For each algorithm: what Sluice is given, what the backend is given, and another pair of the same kind. */
const algorithms = [
  { name: 'ed25519', sign: privatePem, verify: publicPem, other: otherPublicPem() },
  { name: 'hmac-sha256', sign: secret, verify: secret, other: 'x'.repeat(32) },
] as const
type Algorithm = (typeof algorithms)[number]

function otherPublicPem(): string {
  return generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const photo = { name: 'photo', filename: 'a.png', type: 'image/png', content: png }
const fake = { name: 'fake', filename: 'b.png', type: 'image/png', content: '%PDF-1.4\n' }
/** Valid, and too large for the memory of the gateway. */
const large = pngWith(png, chunk('prVt', randomBytes(1_500_000)))
const notes = { name: 'notes', content: 'n'.repeat(400_000) }

interface Teardown {
  teardown(end: () => Promise<void>): unknown
}

interface Upload {
  readonly what: string
  readonly line: string
  readonly host: string
  readonly type: string
  readonly body: Buffer
  /** As it is proven. */
  readonly verdict: string
}

const form = 'multipart/form-data; boundary=b'
const uploads: readonly Upload[] = [
  {
    what: 'a small form',
    line: 'POST /upload HTTP/1.1',
    host: 'Files.Example:80',
    type: form,
    body: formBody('b', [photo]),
    verdict: 'clean;policy="test";files=1',
  },
  {
    what: 'a large form, without one of its files, and with a query',
    line: 'POST /upload?x=%2F?&y HTTP/1.1',
    host: 'files.example:8443',
    type: form,
    body: formBody('b', [notes, fake, photo]),
    verdict: 'stripped;policy="test";files=1',
  },
  {
    what: 'a large file from the spool, and an empty query',
    line: 'POST /upload? HTTP/1.1',
    host: '[2001:DB8::1]',
    type: form,
    body: formBody('b', [notes, { ...photo, content: large }]),
    verdict: 'clean;policy="test";files=1',
  },
  {
    what: 'a raw body with an encoded path',
    line: 'PUT /raw/a%20b/%C3%A9.png HTTP/1.1',
    host: 'files.example',
    type: 'image/png',
    body: png,
    verdict: 'clean;policy="raw";files=1',
  },
]

/** What a client may send along to pass for Sluice, or to say of the old body what does not hold for the new one. */
const injected = [
  'Signature: sluice=:AAAA:',
  'Signature-Input: sluice=()',
  'Signature_Input: other=()',
  'Content-Digest: sha-256=:AAAA:',
  'Repr-Digest: sha-256=:AAAA:',
  'Unencoded-Digest: sha-256=:AAAA:',
  'Digest: sha-256=AAAA',
  'Content-MD5: AAAA',
  'Sluice-Verdict: clean',
  'Sluice_Removed: none',
]

async function release(port: number, { line, host, type, body }: Upload): Promise<number | undefined> {
  const fields = [`Host: ${host}`, `Content-Type: ${type}`, `Content-Length: ${body.length}`, ...injected]
  const answer = await ask(port, Buffer.concat([Buffer.from(`${line}\r\n${fields.join('\r\n')}\r\n\r\n`), body]))
  return answer?.status
}

function received({ method, target, fields, body }: SeenRequest, { name, verify }: Algorithm): Received {
  const [path = '', ...query] = target.split('?')
  return {
    method,
    authority: valuesOf(fields, 'host')[0] ?? '',
    path,
    query: query.length === 0 ? null : query.join('?'),
    headers: fields,
    body,
    keys: [['k1', name, verify]],
    scheme: 'http',
    now: Date.now() / 1000,
  }
}

/** All uploads, as the backend got them through a gateway that signs. */
async function releaseAll(
  t: Teardown & { equal(found: unknown, wanted: unknown, what: string): unknown },
  algorithm: Algorithm,
): Promise<Received[]> {
  const backend = await startBackend(() => plainAnswer('thanks'))
  t.teardown(() => backend.close())
  const sign = { key: algorithm.sign, id: 'k1' }
  const gateway = await startGateway({
    upstream: backend.url,
    policy: { extends: 'images', fields: { size: '512KiB' }, onRefused: 'strip' },
    hold: { memory: '1MiB' },
    configuration: { upstreams: { backend: { urls: [backend.url], sign } } },
  })
  t.teardown(gateway.close)
  for (const upload of uploads) t.equal(await release(gateway.port, upload), 200, upload.what)
  return backend.seen.map((request) => received(request, algorithm))
}

/** What it is, what it comes to, and the request itself. */
type Case = readonly [what: string, outcome: string, request: Received]

/** Signed by Sluice's own key, but not as Sluice does. */
function resigned(request: Received, key: SigningKey, covered: readonly string[], change: Change, tag = 'sluice') {
  const changed = { ...request, ...change(request) }
  const { method, authority, path, query } = changed
  const fields = changed.headers.filter(([name]) => !name.toLowerCase().startsWith('signature'))
  const message = { method, origin: `http://${authority}`, target: `${path}?${query ?? ''}`, headers: fields.flat() }
  const [, inputValue = '', , signature = ''] = signMessage(key, message, covered, { created: new Date(), tag })
  return { ...changed, headers: [...fields, ['Signature-Input', inputValue], ['Signature', signature]] } as Received
}

function forged(request: Received, algorithm: Algorithm): Case[] {
  const key = readSigningKey(algorithm.sign, 'k1') as SigningKey
  const all = [...required, 'sluice-verdict', 'sluice-files', 'sluice-removed']
  const sha512 = replace('content-digest', () => 'sha-512=:AAAA:')
  const publicKey = { keys: [['k1', 'ed25519', publicPem]] } as const
  const confused = { algorithm: 'hmac-sha256', id: 'k1', key: createSecretKey(Buffer.from(publicPem)) } as const
  const shorter = replace('content-length', () => '1')
  return [
    ['for a scanner', 'tag', resigned(request, key, all, () => ({}), 'scan')],
    ['without the body', 'uncovered', resigned(request, key, all.with(4, 'via'), () => ({}))],
    ['with another digest', 'digest', resigned(request, key, all, sha512)],
    ['with another length', 'length', resigned(request, key, all, shorter)],
    // The classic confusion: everybody can make an HMAC with the public key, if the message chooses the algorithm.
    [
      'with the public key for a secret',
      'algorithm',
      resigned({ ...request, ...publicKey }, confused, all, () => ({})),
    ],
    ['by another key of this id', 'signature', { ...request, keys: [['k1', algorithm.name, algorithm.other]] }],
  ]
}

const verifiers = [
  { program: 'TypeScript', verify: verifyWithNode, skip: false },
  { program: 'Python', verify: verifyWithPython, skip: missingPython() },
] as const

for (const algorithm of algorithms) {
  t.test(`${algorithm.name}: backends accept what Sluice released, and nothing else`, async (t) => {
    const genuine = await releaseAll(t, algorithm)
    const cases = uploads.map(({ what, verdict }, index): Case => [what, verdict, genuine[index] as Received])
    // The second has all that can be tampered with.
    const [, request] = genuine
    if (!request) throw new Error('nothing was released')
    for (const [what, reason, change] of tampering) cases.push([what, reason, { ...request, ...change(request) }])
    cases.push(...forged(request, algorithm))
    for (const { program, verify, skip } of verifiers) {
      if (skip && process.env['CI']) throw new Error(skip)
      t.test(program, { skip }, (t) => {
        const outcomes = verify(cases.map(([, , received]) => received))
        for (const [index, [what, expected]] of cases.entries()) t.equal(outcomes[index], expected, what)
        t.end()
      })
    }
    for (const { headers } of genuine) {
      const names = headers.map(([name]) => name.toLowerCase().replaceAll('_', '-'))
      const told = names.filter((name) => /digest|md5|^signature|^sluice-(?!files|removed)/.test(name))
      t.same(told, ['sluice-verdict', 'content-digest', 'signature-input', 'signature'], 'none of them is the client’s')
    }
  })
}

t.test('without a key nothing is signed, and no digest of the client’s travels', async (t) => {
  const backend = await startBackend(() => plainAnswer('thanks'))
  t.teardown(() => backend.close())
  const gateway = await startGateway({ upstream: backend.url })
  t.teardown(gateway.close)
  t.equal(await release(gateway.port, uploads[0] as Upload), 200)
  const names = backend.seen[0]?.fields.map(([name]) => name.toLowerCase()) ?? []
  t.notOk(names.some((name) => /digest|md5/.test(name)))
})

t.test('a digest is of all bytes, however they come, and ends with the upload', async (t) => {
  const body = randomBytes(3_000_000)
  const pieces = async function* (size: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size)
  }
  const { signal } = new AbortController()
  for (const size of [977, 65_536, 2_000_000]) t.equal(await contentDigest(pieces(size), signal), digestOf(body))
  t.equal(await contentDigest(Buffer.alloc(0), signal), digestOf(Buffer.alloc(0)))
  const gone = new Error('the client has gone')
  await t.rejects(contentDigest(pieces(1000), AbortSignal.abort(gone)), gone)
  const leaving = new AbortController()
  const interrupted = async function* (): AsyncGenerator<Buffer> {
    yield body
    leaving.abort(gone)
    yield body
    t.fail('was read on')
  }
  await t.rejects(contentDigest(interrupted(), leaving.signal), gone)
})

t.test('answers to uploads say where the time went, others do not', async (t) => {
  const backend = await startBackend(() => plainAnswer('thanks', 'Server-Timing: db;dur=5\r\n'))
  t.teardown(() => backend.close())
  const gateway = await startGateway({ upstream: backend.url, policy: { extends: 'images', onRefused: 'refuse' } })
  t.teardown(gateway.close)
  const timing = async (path: string, body?: Buffer): Promise<string | null> => {
    const headers: Record<string, string> = body ? { 'content-type': form } : {}
    const asked = body ? { method: 'POST', headers, body: new Uint8Array(body) } : {}
    const response = await fetch(`${gateway.url}${path}`, asked)
    await response.arrayBuffer()
    return response.headers.get('server-timing')
  }
  const dur = ';dur=\\d+\\.\\d'
  const judged = `multipart${dur}, hold${dur}, inspection${dur}(, scan${dur})?, verdict${dur}`
  t.match(await timing('/upload', formBody('b', [photo])), new RegExp(`^db;dur=5, ${judged}, release${dur}$`))
  t.match(await timing('/upload', formBody('b', [fake])), new RegExp(`^${judged}$`), 'refused')
  t.equal(await timing('/'), 'db;dur=5', 'relayed')
  t.equal(await timing('/', formBody('b', [photo])), null, 'refused, but not as an upload')
})
