/** Tokens that should verify, and those that attackers send. */
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import t from 'tap'
import { algorithms } from '../../src/tokens/algorithms.ts'
import { readTokenKeys } from '../../src/tokens/read-keys.ts'
import { createTokenVerifier, type TokenSettings } from '../../src/tokens/verify.ts'

const secret = 'a secret that both sides know, of many characters'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (key: KeyObject): string => key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' })
const jwk = (key: KeyObject, over: object = {}) => ({ ...key.export({ format: 'jwk' }), ...over })
const set = (...keys: object[]): string => JSON.stringify({ keys })

function settings(keys: string, over: Partial<TokenSettings> = {}): TokenSettings {
  const read = readTokenKeys(keys)
  if (read === null) throw new Error('these are no keys')
  return { keys: read, issuer: null, audience: null, algorithms, ...over }
}

function sign(alg: string, key: KeyObject | Uint8Array, claims: JWTPayload = { sub: 'ada' }, header: object = {}) {
  return new SignJWT(claims).setProtectedHeader({ alg, ...header }).sign(key)
}

async function subject(of: TokenSettings, token: string): Promise<string | null> {
  const claims = await createTokenVerifier(of, ['sub']).verify(`Bearer ${token}`)
  return claims?.get('sub') ?? null
}

const bytes = new TextEncoder().encode(secret)

t.test('tokens of every kind of key', async (t) => {
  t.equal(await subject(settings(secret), await sign('HS256', bytes)), 'ada')
  t.equal(await subject(settings(pem(rsa.publicKey)), await sign('RS256', rsa.privateKey)), 'ada')
  t.equal(await subject(settings(pem(rsa.publicKey)), await sign('PS384', rsa.privateKey)), 'ada')
  t.equal(await subject(settings(pem(ec.publicKey)), await sign('ES256', ec.privateKey)), 'ada')
  t.equal(await subject(settings(pem(ed.publicKey)), await sign('EdDSA', ed.privateKey)), 'ada')
  const keys = set(
    jwk(stranger.publicKey, { kid: 'old' }),
    jwk(rsa.publicKey, { kid: 'new', use: 'sig', alg: 'RS256' }),
    jwk(ec.publicKey),
    jwk(rsa.publicKey, { use: 'enc', kid: 'new' }),
  )
  t.equal(await subject(settings(keys), await sign('RS256', rsa.privateKey, undefined, { kid: 'new' })), 'ada')
  t.equal(await subject(settings(keys), await sign('RS256', rsa.privateKey)), 'ada', 'without the name of its key')
  t.equal(
    await subject(settings(keys), await sign('ES256', ec.privateKey, undefined, { kid: 'x' })),
    'ada',
    'a key without a name',
  )
  t.equal(
    await subject(settings(keys), await sign('PS256', rsa.privateKey, undefined, { kid: 'new' })),
    null,
    'not for this algorithm',
  )
  t.equal(
    await subject(settings(keys), await sign('RS256', rsa.privateKey, undefined, { kid: 'old' })),
    null,
    'another key',
  )
})

t.test('what is no key', async (t) => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const curve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const wrong = {
    'a short secret': 'x'.repeat(31),
    nothing: '',
    'a private key': pem(rsa.privateKey),
    'a key that is too short': pem(short.publicKey),
    'another curve': pem(curve.publicKey),
    'half a key': pem(rsa.publicKey).slice(0, 100),
    'a certificate that is none': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    'an empty set': set(),
    'no set': '{"a": 1}',
    'no JSON': `{${'x'.repeat(40)}`,
    'a private key in a set': set(jwk(rsa.privateKey)),
    'a secret in a set': set({ kty: 'oct', k: Buffer.from(secret).toString('base64url') }),
    'one that is none in a set': set(jwk(rsa.publicKey), { kty: 'RSA' }),
    'another algorithm than the key has': set(jwk(rsa.publicKey, { alg: 'ES256' })),
    'keys for encryption only': set(jwk(rsa.publicKey, { use: 'enc' })),
    'too many keys': set(...Array.from({ length: 101 }, () => jwk(ec.publicKey))),
  }
  for (const [what, text] of Object.entries(wrong)) t.equal(readTokenKeys(text), null, what)
})

t.test('attacks', async (t) => {
  const now = Math.floor(Date.now() / 1000)
  const byRsa = settings(pem(rsa.publicKey), { issuer: 'https://id.example.com', audience: 'uploads' })
  const good = { sub: 'ada', iss: 'https://id.example.com', aud: ['uploads', 'other'], exp: now + 600, nbf: now - 10 }
  const token = await sign('RS256', rsa.privateKey, good)
  t.equal(await subject(byRsa, token), 'ada')
  const [head = '', payload = '', signature = ''] = token.split('.')
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const hmac = (key: string | Buffer): string => {
    const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${payload}`
    return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
  }
  const attacks = {
    'no signature, alg none': new UnsecuredJWT(good).encode(),
    'alg none with a signature': `${encode({ alg: 'none' })}.${payload}.${signature}`,
    'alg None': `${encode({ alg: 'None' })}.${payload}.`,
    'HMAC with the public key in PEM': hmac(pem(rsa.publicKey)),
    'HMAC with the public key in DER': hmac(rsa.publicKey.export({ type: 'spki', format: 'der' })),
    'HMAC with nothing': hmac(''),
    'a stranger': await sign('RS256', stranger.privateKey, good),
    'a key in its own header': await sign('RS256', stranger.privateKey, good, { jwk: jwk(stranger.publicKey) }),
    'a key at its own address': await sign('RS256', stranger.privateKey, good, { jku: 'http://127.0.0.1:1/keys' }),
    'another payload': `${head}.${encode({ ...good, sub: 'eve' })}.${signature}`,
    'a signature cut off': `${head}.${payload}.`,
    'half a signature': `${head}.${payload}.${signature.slice(0, 100)}`,
    expired: await sign('RS256', rsa.privateKey, { ...good, exp: now - 60 }),
    'not yet valid': await sign('RS256', rsa.privateKey, { ...good, nbf: now + 60 }),
    'another issuer': await sign('RS256', rsa.privateKey, { ...good, iss: 'https://id.example.org' }),
    'no issuer': await sign('RS256', rsa.privateKey, { sub: 'ada', aud: 'uploads' }),
    'another audience': await sign('RS256', rsa.privateKey, { ...good, aud: 'upload' }),
    'an extension that must be understood': await new SignJWT(good)
      .setProtectedHeader({ alg: 'RS256', crit: ['x'], x: 1 })
      .sign(rsa.privateKey, { crit: { x: true } }),
    huge: await sign('RS256', rsa.privateKey, { ...good, filling: 'x'.repeat(8000) }),
    'no JSON': `${Buffer.from('{').toString('base64url')}.${payload}.${signature}`,
    'two dots': '..',
    'encrypted form': 'a.b.c.d.e',
  }
  for (const [what, attack] of Object.entries(attacks)) t.equal(await subject(byRsa, attack), null, what)
  const bySecret = settings(secret)
  t.equal(await subject(bySecret, await sign('RS256', rsa.privateKey)), null, 'a signature where HMAC is expected')
  const only384 = settings(secret, { algorithms: ['HS384'] })
  t.equal(await subject(only384, await sign('HS256', bytes)), null, 'an algorithm that is not configured')
  t.equal(await subject(only384, await sign('HS384', bytes)), 'ada')
})

t.test('the field', async (t) => {
  const verifier = createTokenVerifier(settings(secret), ['sub', 'constructor', 'level', 'list'])
  const token = await sign('HS256', bytes, { sub: 'ada', level: 7, list: ['a'] })
  t.same(
    [...((await verifier.verify(`bEaReR   ${token} `)) ?? [])],
    [
      ['sub', 'ada'],
      ['level', '7'],
    ],
  )
  for (const wrong of [
    undefined,
    '',
    token,
    `Basic ${token}`,
    `Bearer`,
    `Bearer ${token}, Bearer ${token}`,
    `Bearer ${token} x`,
  ]) {
    t.equal(await verifier.verify(wrong), null, `${wrong?.slice(0, 20)}`)
  }
  const empty = await sign('HS256', bytes, { sub: '' })
  t.same([...((await verifier.verify(`Bearer ${empty}`)) ?? [])], [], 'an empty claim is none')
  const long = await sign('HS256', bytes, { sub: 'x'.repeat(1001) })
  t.same([...((await verifier.verify(`Bearer ${long}`)) ?? [])], [], 'and so is one that is too long')
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
      return (await verifier.verify(`Bearer ${text}`)) === null && (await verifier.verify(text)) === null
    }),
  )
})

t.test('a token is not remembered for longer than it is valid', async (t) => {
  const verifier = createTokenVerifier(settings(secret), ['sub'])
  const now = Math.floor(Date.now() / 1000)
  const token = await sign('HS256', bytes, { sub: 'ada', exp: now + 1 })
  t.equal((await verifier.verify(`Bearer ${token}`))?.get('sub'), 'ada')
  while ((await verifier.verify(`Bearer ${token}`)) !== null) await new Promise((resolve) => setTimeout(resolve, 200))
  t.equal(await verifier.verify(`Bearer ${token}`), null)
})
