import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { createServer as createSecureServer, getCACertificates, setDefaultCACertificates } from 'node:tls'
import t from 'tap'
import { errors } from 'undici'
import type { InboundRequest } from '../../src/path/types.ts'
import { failureOf } from '../../src/upstream/failure.ts'
import { failureKinds } from '../../src/upstream/failure-kind.ts'
import { requestHeaders } from '../../src/upstream/request-headers.ts'
import { type Sent, send } from '../../src/upstream/send.ts'
import { freePort } from '../support/free-port.ts'
import { valuesOf } from '../support/http-bytes.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { memorySink, upload, upstreamOf } from '../support/sending.ts'

async function listen(port: number, answer: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('data', () => socket.end(answer))
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

t.test('backends take turns, and one that is not there is passed over', async (t) => {
  const one = await startBackend(() => plainAnswer('one'))
  const two = await startBackend(() => plainAnswer('two'))
  const upstream = upstreamOf([one.url, `http://127.0.0.1:${await freePort()}`, two.url])
  const answers: string[] = []
  for (let round = 0; round < 12; round++) {
    const sink = memorySink()
    const sent = await send(upstream, upload(), sink)
    t.match(sent, { kind: 'answered', status: 200, bytes: 3 })
    answers.push(sink.text)
  }
  t.same([...new Set(answers)].toSorted(), ['200 OK: one', '200 OK: two'])
  await upstream.close()
  await one.close()
  await two.close()
})

t.test('fields that are made for each attempt', async (t) => {
  const backend = await startBackend(() => plainAnswer('one'))
  const asked: string[] = []
  const headers = (url: URL): string[] => [
    'Host',
    'a',
    'Content-Length',
    '5',
    'X-Attempt',
    String(asked.push(url.origin)),
  ]
  const urls = [backend.url, `http://127.0.0.1:${await freePort()}`]
  const upstream = upstreamOf(urls)
  t.match(await send(upstream, upload({ headers }), memorySink()), { kind: 'answered', status: 200 })
  t.same(asked, urls.toReversed())
  t.same(valuesOf(backend.seen[0]?.fields ?? [], 'x-attempt'), ['2'])
  await upstream.close()
  await backend.close()
})

t.test('an upload waits for a backend that comes back, and opens its body again', async (t) => {
  const port = await freePort()
  const upstream = upstreamOf([`http://127.0.0.1:${port}`])
  let opened = 0
  async function* body(): AsyncGenerator<Buffer> {
    opened++
    yield Buffer.from('hello')
  }
  const sink = memorySink()
  const sending = send(upstream, upload({ body, retryFor: 20_000 }), sink)
  await new Promise((resolve) => setTimeout(resolve, 250))
  const server = await listen(port, plainAnswer('back'))
  t.match(await sending, { kind: 'answered', status: 200 })
  t.equal(sink.text, '200 OK: back')
  t.equal(opened, 1, 'the body is not opened for a backend that is not there')
  await upstream.destroy()
  server.close()
})

t.test('a backend that stays away', async (t) => {
  const upstream = upstreamOf([`http://127.0.0.1:${await freePort()}`])
  const refused = {
    kind: 'failed',
    failure: 'connect',
    refusal: { backend: 'untouched', violations: [{ id: 'upstream.unreachable' }] },
  }
  t.match(await send(upstream, upload(), memorySink()), refused)
  t.match(await send(upstream, upload({ retryFor: 300 }), memorySink()), refused)
  const leaving = memorySink()
  const left = send(upstream, upload({ retryFor: 60_000 }), leaving)
  setTimeout(() => leaving.leave(), 50)
  t.match(await left, { kind: 'broken', by: 'client', status: null, backend: 'untouched' })
  const aborted = send(upstream, upload({ retryFor: 60_000, signal: AbortSignal.timeout(50) }), memorySink())
  t.match(await aborted, { kind: 'broken', by: 'client', status: null, backend: 'untouched' })
  const unresolved = upstreamOf(['http://backend.invalid:80'])
  t.match(await send(unresolved, upload(), memorySink()), refused)
  await upstream.destroy()
  await unresolved.destroy()
})

t.test('what a backend may have acted on is never sent twice', async (t) => {
  const one = await startBackend((_request, socket) => {
    socket.resetAndDestroy()
    return null
  })
  const two = await startBackend(() => plainAnswer('two'))
  const upstream = upstreamOf([two.url, one.url])
  const sent: Sent[] = []
  for (let round = 0; round < 2; round++) sent.push(await send(upstream, upload({ retryFor: 10_000 }), memorySink()))
  t.match(
    sent.find(({ kind }) => kind === 'failed'),
    { failure: 'reset', refusal: { backend: 'unknown', violations: [{ id: 'upstream.reset' }] } },
  )
  t.equal(one.seen.length, 1)
  t.equal(two.seen.length, 1)
  await upstream.destroy()
  await one.close()
  await two.close()
})

t.test('an early answer stops the body for certain', async (t) => {
  const backend = await startBackend()
  backend.early = (_head, socket) => {
    socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig')
    return true
  }
  const upstream = upstreamOf([backend.url])
  let state = 'unopened'
  async function* body(): AsyncGenerator<Buffer> {
    state = 'open'
    try {
      for (;;) {
        await new Promise(setImmediate)
        yield Buffer.alloc(1024)
      }
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 20))
      state = 'closed'
    }
  }
  const sink = memorySink()
  const sent = await send(upstream, upload({ body, headers: ['Host', 'a'] }), sink)
  t.match(sent, { kind: 'answered', status: 413 })
  t.equal(sink.text, '413 Too Large: big')
  t.equal(state, 'closed', 'what the body reads from may be freed')
  await upstream.destroy()
  await backend.close()
})

t.test('a body that fails is a fault of its source, and reaches no backend as complete', async (t) => {
  const backend = await startBackend()
  const upstream = upstreamOf([backend.url])
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from('he')
    throw new Error('the disk failed')
  }
  for (const headers of [
    ['Host', 'a'],
    ['Host', 'a', 'Content-Length', '5'],
  ]) {
    await t.rejects(send(upstream, upload({ body, headers }), memorySink()), { message: 'the disk failed' })
  }
  async function* short(): AsyncGenerator<Buffer> {
    yield Buffer.from('he')
  }
  t.match(await send(upstream, upload({ body: short }), memorySink()), { kind: 'failed', failure: 'fault' })
  t.same(backend.seen, [])
  await upstream.destroy()
  await backend.close()
})

t.test('lanes do not wait for each other, and waiting for a connection has an end', async (t) => {
  const backend = await startBackend(({ method }) => (method === 'POST' ? null : plainAnswer('ok')))
  const upstream = upstreamOf([backend.url], { connect: 100, response: 700 })
  const uploads = Array.from({ length: 300 }, () => send(upstream, upload(), memorySink()))
  const get = {
    method: 'GET',
    path: '/',
    headers: ['Host', 'a'],
    body: null,
    lane: 'interactive',
    retryFor: 0,
  } as const
  const sink = memorySink()
  t.match(await send(upstream, { ...get, headers: [...get.headers] }, sink), { kind: 'answered', status: 200 })
  const kinds = (await Promise.all(uploads)).map((sent) => (sent.kind === 'failed' ? sent.failure : sent.kind))
  t.ok(kinds.includes('timeout'), 'those that were sent')
  t.ok(kinds.every((kind) => kind === 'timeout' || kind === 'busy'))
  await upstream.destroy()
  await backend.close()
})

t.test('closing', async (t) => {
  const backend = await startBackend(() => null)
  const upstream = upstreamOf([backend.url])
  const running = send(upstream, upload(), memorySink())
  await backend.receives('hello')
  await upstream.destroy()
  t.match(await running, { kind: 'failed', failure: 'closed', refusal: { backend: 'unknown' } })
  t.match(await send(upstream, upload(), memorySink()), {
    kind: 'failed',
    failure: 'closed',
    refusal: { backend: 'untouched' },
  })
  t.throws(() => upstreamOf(['http://a/path']), 'a path would be ignored')
  t.throws(() => upstreamOf(['ftp://a']))
  await backend.close()
})

const openssl = spawnSync('openssl', ['version']).status === 0 ? false : 'needs openssl: apt-get install openssl'

t.test('TLS: the backend’s own name, and no word to a certificate without a voucher', { skip: openssl }, async (t) => {
  const directory = t.testdir()
  const [key, cert] = [`${directory}/key.pem`, `${directory}/cert.pem`]
  const options = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'.split(
    ' ',
  )
  const alternatives = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  t.equal(spawnSync('openssl', [...options, ...alternatives, '-keyout', key, '-out', cert]).status, 0)
  const names: unknown[] = []
  const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    names.push(socket.servername)
    socket.on('error', () => {}).on('data', () => socket.write(plainAnswer('ok')))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ask = async (url: string, host: string): Promise<Sent> => {
    const upstream = upstreamOf([url])
    const sent = await send(upstream, upload({ headers: ['Host', host, 'Content-Length', '5'] }), memorySink())
    await upstream.destroy()
    return sent
  }
  t.match(await ask(`https://localhost:${port}`, 'a'), { failure: 'tls', refusal: { backend: 'untouched' } })
  t.same(names, [])
  const before = getCACertificates()
  setDefaultCACertificates([...before, readFileSync(cert, 'utf8')])
  t.match(await ask(`https://localhost:${port}`, 'evil.example'), { kind: 'answered' })
  t.match(await ask(`https://127.0.0.1:${port}`, 'evil.example'), { kind: 'answered' })
  t.same(names, ['localhost', false])
  setDefaultCACertificates(before)
  server.close()
})

t.test('failures go by code', (t) => {
  const coded = (code: string): Error => Object.assign(new Error('text says nothing'), { code })
  const table = [
    [coded('ECONNREFUSED'), false, 'connect', 'upstream.unreachable'],
    [coded('UND_ERR_CONNECT_TIMEOUT'), false, 'connect-timeout', 'upstream.unreachable'],
    [coded('CERT_HAS_EXPIRED'), false, 'tls', 'upstream.unreachable'],
    [coded('UND_ERR_INVALID_ARG'), false, 'fault', 'gateway.fault'],
    [new Error('unheard of'), false, 'connect', 'upstream.unreachable'],
    [coded('ECONNRESET'), true, 'reset', 'upstream.reset'],
    [coded('UND_ERR_HEADERS_TIMEOUT'), true, 'timeout', 'upstream.timeout'],
    [coded('UND_ERR_HEADERS_OVERFLOW'), true, 'invalid', 'upstream.invalid'],
    [new errors.HTTPParserError('x'), true, 'invalid', 'upstream.invalid'],
    [coded('HPE_INVALID_CONSTANT'), true, 'invalid', 'upstream.invalid'],
    [coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), true, 'truncated', 'upstream.reset'],
    [new TypeError('a mistake of ours'), true, 'fault', 'gateway.fault'],
  ] as const
  for (const [error, sent, kind, problem] of table) {
    t.same(failureOf(error, sent), { kind, problem, backend: sent ? 'unknown' : 'untouched' })
    t.ok(failureKinds.includes(kind))
  }
  t.end()
})

function inbound(rawHeaders: string[], over: Partial<InboundRequest> = {}): InboundRequest {
  const headers = Object.fromEntries(rawHeaders.map((name, index) => [name.toLowerCase(), rawHeaders[index + 1] ?? '']))
  const client = {
    address: '::1',
    key: '::1',
    trusted: true,
    scheme: 'https',
    host: 'claims.example',
    forwardedFor: ['2001:db8::7', '10.0.0.1'],
  } as const
  const identity = { id: 'i', traceparent: '00-t', tracestate: 'a=b', client }
  return {
    ...identity,
    method: 'POST',
    target: '/',
    host: 'claims.example',
    rawHeaders,
    headers,
    body: { kind: 'chunked' },
    ...over,
  }
}

t.test('request headers', (t) => {
  const described = [
    ['Content-Type', 'multipart/form-data; boundary=x'],
    ['content-length', '99'],
    ['Content-Encoding', 'identity'],
    ['Content-MD5', 'x'],
    ['Digest', 'x'],
    ['Content-Digest', 'x'],
    ['Repr_Digest', 'x'],
  ].flat()
  const own = [
    ['Host', 'Claims.example'],
    ['Via', '1.1 sluice'],
    ['X-Request-Id', 'i'],
    ['traceparent', '00-t'],
    ['tracestate', 'a=b'],
    ['X-Forwarded-For', '2001:db8::7, 10.0.0.1'],
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Host', 'claims.example'],
    ['Forwarded', 'for="[2001:db8::7]";host="claims.example";proto=https, for=10.0.0.1'],
  ].flat()
  const request = inbound(['Host', 'Claims.example', 'X-A', '1', ...described, 'tracestate', 'evil=1'])
  t.same(
    requestHeaders(request, {
      body: { type: 'multipart/form-data; boundary=y', length: 7 },
      extra: ['Sluice-Verdict', 'clean'],
    }),
    [
      'X-A',
      '1',
      ...own,
      'Content-Type',
      'multipart/form-data; boundary=y',
      'Content-Length',
      '7',
      'Sluice-Verdict',
      'clean',
    ],
    'a body of our own replaces all that described the client’s',
  )
  t.same(
    requestHeaders({ ...request, body: { kind: 'length', length: 99 } }),
    ['X-A', '1', ...described.filter((_, index) => index < 2 || index > 3), ...own, 'Content-Length', '99'],
    'a body that passes keeps its description',
  )
  const nominating = inbound([
    'Host',
    'a',
    'Connection',
    'close , X-B,cookie, Sec-Fetch-Site',
    'X-B',
    '1',
    'Cookie',
    'c',
    'Sec-Fetch-Site',
    'none',
  ])
  t.same(requestHeaders(nominating).slice(0, 4), ['Cookie', 'c', 'Sec-Fetch-Site', 'none'])
  t.end()
})
