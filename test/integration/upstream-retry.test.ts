import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import t, { type Test } from 'tap'
import { multipartBody } from '../../src/path/8-release/canonical-body.ts'
import { idempotencyField } from '../../src/path/8-release/idempotency-key.ts'
import { releaseRequest } from '../../src/path/8-release/request.ts'
import type { Verdict } from '../../src/path/types.ts'
import { send } from '../../src/upstream/send.ts'
import type { UpstreamConfig, UpstreamEvents } from '../../src/upstream/upstream.ts'
import { waited } from '../../src/upstream/waited.ts'
import { freePort } from '../support/free-port.ts'
import { startGateway } from '../support/gateway.ts'
import { valuesOf } from '../support/http-bytes.ts'
import { type Answering, type LegacyBackend, plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { gauge } from '../support/scrape.ts'
import { memorySink, upload, upstreamOf } from '../support/sending.ts'

const ejection = { failures: 3, for: 50 }

function emptyAnswer(status: number): string {
  return `HTTP/1.1 ${status} Said\r\nContent-Length: 0\r\n\r\n`
}

async function backendOf(t: Test, answer?: Answering): Promise<LegacyBackend> {
  const backend = await startBackend(answer)
  t.teardown(() => backend.close())
  return backend
}

function counted(): UpstreamEvents & { ejections: number; retries: number; changes: boolean[] } {
  return {
    ejections: 0,
    retries: 0,
    changes: [],
    changed(_endpoint, up) {
      this.changes.push(up)
    },
    ejected() {
      this.ejections += 1
    },
    retried() {
      this.retries += 1
    },
  }
}

const faults: readonly (readonly [name: string, fault: Answering, config?: Partial<UpstreamConfig>])[] = [
  ['502', () => emptyAnswer(502)],
  ['503', () => emptyAnswer(503)],
  ['504', () => emptyAnswer(504)],
  ['what is no HTTP', () => 'SMTP 220\r\n\r\n'],
  ['no answer in time', () => null, { response: 50 }],
  ['an answer that breaks off', (_request, socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx')],
  [
    'a reset',
    (_request, socket) => {
      socket.resetAndDestroy()
      return null
    },
  ],
]

for (const [name, fault, config] of faults) {
  t.test(`one that fails by ${name} is ejected, and comes back`, async (t) => {
    let isWell = false
    const bad = await backendOf(t, (request, socket) => (isWell ? plainAnswer('bad') : fault(request, socket)))
    const good = await backendOf(t, () => plainAnswer('good'))
    const events = counted()
    const upstream = upstreamOf([bad.url, good.url], { ejection: { ...ejection, for: 60_000 }, ...config }, events)
    for (let time = 0; time < 20; time++) await send(upstream, upload(), memorySink())
    t.equal(bad.seen.length, ejection.failures, 'no more after the third')
    t.equal(events.ejections, 1)
    t.notOk(upstream.endpoints[0]?.isUp)
    await upstream.destroy()

    const brief = upstreamOf([bad.url, good.url], { ejection, ...config }, events)
    for (let time = 0; time < 20; time++) await send(brief, upload(), memorySink())
    isWell = true
    const texts = new Set<string>()
    while (!texts.has('200 OK: bad')) {
      const sink = memorySink()
      await send(brief, upload(), sink)
      texts.add(sink.text)
    }
    t.ok(brief.endpoints[0]?.isUp)
    await brief.destroy()
  })
}

t.test('what the application says ejects nobody', async (t) => {
  const [bad, good] = [await backendOf(t, () => emptyAnswer(500)), await backendOf(t)]
  const upstream = upstreamOf([bad.url, good.url], { ejection })
  for (let time = 0; time < 20; time++) await send(upstream, upload(), memorySink())
  t.equal(bad.seen.length, 10)
  await upstream.destroy()
})

t.test('the last one is never ejected, and no ejection without the setting', async (t) => {
  const bad = await backendOf(t, () => emptyAnswer(503))
  const events = counted()
  const alone = upstreamOf([bad.url], { ejection }, events)
  for (let time = 0; time < 10; time++) {
    t.match(await send(alone, upload(), memorySink()), { kind: 'answered', status: 503 }, 'its word is passed on')
  }
  await alone.destroy()
  const good = await backendOf(t)
  const unset = upstreamOf([bad.url, good.url], { ejection: null }, events)
  for (let time = 0; time < 20; time++) await send(unset, upload(), memorySink())
  t.equal(bad.seen.length, 20)
  t.equal(events.ejections, 0)
  await unset.destroy()
})

t.test('the least loaded gets the next', async (t) => {
  const held: (() => void)[] = []
  const holding: Answering = async ({ target }) => {
    if (target === '/hold') await new Promise<void>((resolve) => held.push(resolve))
    return plainAnswer('ok')
  }
  const [one, two] = [await backendOf(t, holding), await backendOf(t, holding)]
  const upstream = upstreamOf([one.url, two.url])
  const [first, second] = upstream.endpoints
  // An event stream and an upload, both on one of them: all lanes count.
  const stream = { path: '/hold', lane: 'interactive', method: 'GET', body: null, headers: ['Host', 'a'] } as const
  const streaming = send(upstream, upload({ ...stream, headers: [...stream.headers] }), memorySink())
  const busy = first?.inFlight === 1 ? first : second
  const idle = busy === first ? second : first
  t.equal(busy?.inFlight, 1)
  for (let time = 0; time < 10; time++) await send(upstream, upload(), memorySink())
  t.equal((idle === first ? one : two).seen.length, 10)
  const more = Array.from({ length: 5 }, () => send(upstream, upload({ path: '/hold' }), memorySink()))
  t.same([first?.inFlight, second?.inFlight], [3, 3])
  while (held.length < 6) await new Promise(setImmediate)
  for (const release of held) release()
  await Promise.all([streaming, ...more])
  t.same([first?.inFlight, second?.inFlight], [0, 0])
  await upstream.destroy()
})

t.test('a lane that is full of hung requests leaves the other alone', async (t) => {
  const backend = await backendOf(t, ({ method }) => (method === 'GET' ? null : plainAnswer('taken')))
  const upstream = upstreamOf([backend.url], { connect: 20_000, response: 60_000 })
  const hung = Array.from({ length: 1_100 }, () =>
    send(upstream, upload({ method: 'GET', body: null, headers: ['Host', 'a'], lane: 'interactive' }), memorySink()),
  )
  while (backend.seen.length < 1_024) await new Promise(setImmediate)
  const sink = memorySink()
  t.match(await send(upstream, upload(), sink), { kind: 'answered', status: 200 })
  t.equal(sink.text, '200 OK: taken')
  await upstream.destroy()
  await Promise.all(hung)
})

t.test(
  'an upload takes no connection that has been idle for long, whatever the backend allows',
  { timeout: 30_000 },
  async (t) => {
    const backend = await backendOf(t, () => plainAnswer('ok', 'Keep-Alive: timeout=300\r\n'))
    const upstream = upstreamOf([backend.url])
    await send(upstream, upload(), memorySink())
    await backend.idle()
    await send(upstream, upload(), memorySink())
    t.equal(backend.seen.at(-1)?.connection, 1)
    await upstream.destroy()
  },
)

t.test('a connection whose end has arrived is not used again', async (t) => {
  const backend = await backendOf(t)
  const upstream = upstreamOf([backend.url])
  for (let time = 0; time < 20; time++) {
    t.match(await send(upstream, upload(), memorySink()), { kind: 'answered', status: 200 })
    // The end is in the buffers of the system when the next upload is sent, and has not been read yet.
    for (const socket of backend.open) socket.destroy()
  }
  t.equal(backend.seen.length, 20)
  await upstream.destroy()
})

t.test('a pause ends when a backend is back, when the client goes, and with the signal', async (t) => {
  const day = 86_400_000
  const upstream = upstreamOf([`http://127.0.0.1:${await freePort()}`], {
    health: { path: '/', every: 1, timeout: 1, failures: 1, successes: 1 },
  })
  const [endpoint] = upstream.endpoints
  endpoint?.checked('it answered 503')
  const returning = waited(day, upstream, upload(), memorySink())
  endpoint?.checked('it answered 503')
  endpoint?.checked('')
  t.equal(await returning, true)
  const sink = memorySink()
  const leaving = waited(day, upstream, upload(), sink)
  sink.leave()
  t.equal(await leaving, false)
  t.equal(await waited(day, upstream, upload(), sink), false)
  const ending = new AbortController()
  const aborted = waited(day, upstream, upload({ signal: ending.signal }), memorySink())
  ending.abort()
  t.equal(await aborted, false)
  t.equal(await waited(1, upstream, upload(), memorySink()), true)
  await upstream.destroy()
})

t.test('repeatable: sent again after resets, silence, and answers that it could not be asked', async (t) => {
  const answersInTurn: Answering[] = [
    (_request, socket) => {
      socket.resetAndDestroy()
      return null
    },
    () => null,
    () => emptyAnswer(503),
    () => emptyAnswer(502),
    () => emptyAnswer(504),
    // The first copy is still being worked on.
    () => emptyAnswer(409),
    () => plainAnswer('taken'),
  ]
  const backend = await backendOf(t, (request, socket) => answersInTurn.shift()?.(request, socket))
  const events = counted()
  const upstream = upstreamOf([backend.url], { response: 200 }, events)
  let opened = 0
  async function* body(): AsyncGenerator<Buffer> {
    opened += 1
    yield Buffer.from('hello')
  }
  const sink = memorySink()
  const sent = await send(upstream, upload({ body, repeatable: true, retryFor: 60_000 }), sink)
  t.match(sent, { kind: 'answered', status: 200 })
  t.equal(sink.text, '200 OK: taken', 'nothing of the others')
  t.equal(opened, 7)
  t.same(new Set(backend.seen.map(({ body: { length } }) => length)), new Set([5]))
  t.equal(events.retries, 6)
  await upstream.destroy()
})

t.test('repeatable: what the application says is passed on, and so is the last word when time is up', async (t) => {
  for (const status of [500, 501, 409, 400, 429, 507]) {
    const backend = await backendOf(t, () => emptyAnswer(status))
    const upstream = upstreamOf([backend.url])
    t.match(await send(upstream, upload({ repeatable: true, retryFor: 60_000 }), memorySink()), {
      kind: 'answered',
      status,
    })
    t.equal(backend.seen.length, 1)
    await upstream.destroy()
  }
  const backend = await backendOf(t, () => emptyAnswer(503))
  const upstream = upstreamOf([backend.url])
  const sent = await send(upstream, upload({ repeatable: true, retryFor: 350 }), memorySink())
  t.match(sent, { kind: 'answered', status: 503 })
  t.ok(backend.seen.length > 1)
  await upstream.destroy()
})

t.test('repeatable: an early answer ends the copy for certain before the next', async (t) => {
  const backend = await backendOf(t)
  const server = { early: true }
  backend.early = (_head, socket) => {
    if (server.early) socket.write(emptyAnswer(503))
    return server.early
  }
  const upstream = upstreamOf([backend.url])
  let reading = 0
  let most = 0
  async function* body(): AsyncGenerator<Buffer> {
    most = Math.max(most, ++reading)
    try {
      yield Buffer.from('he')
      while (server.early) {
        await new Promise(setImmediate)
        yield Buffer.alloc(0)
      }
      yield Buffer.from('llo')
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 20))
      server.early = false
      reading -= 1
    }
  }
  const sent = await send(upstream, upload({ body, repeatable: true, retryFor: 60_000 }), memorySink())
  t.match(sent, { kind: 'answered', status: 200 })
  t.equal(most, 1, 'never two copies at a time')
  t.equal(reading, 0)
  t.same(backend.seen[0]?.body, Buffer.from('hello'))
  await upstream.destroy()
})

t.test('repeatable: a backend that once had it stays unknown', async (t) => {
  const port = await freePort()
  const server: Server = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', () => {
        server.close()
        socket.resetAndDestroy()
      })
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const upstream = upstreamOf([`http://127.0.0.1:${port}`])
  const sent = await send(upstream, upload({ repeatable: true, retryFor: 350 }), memorySink())
  t.match(sent, { kind: 'failed', failure: 'connect', refusal: { backend: 'unknown' } })
  const leaving = memorySink()
  const backend = await backendOf(t, () => emptyAnswer(503))
  const other = upstreamOf([backend.url])
  const left = send(other, upload({ repeatable: true, retryFor: 60_000 }), leaving)
  while (backend.seen.length < 3) await new Promise(setImmediate)
  leaving.leave()
  t.match(await left, { kind: 'broken', by: 'client', status: null, backend: 'unknown' })
  await upstream.destroy()
  await other.destroy()
})

function form(boundary = 'b'): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--${boundary}--\r\n`
}

t.test('the key: the id of the request, or the client’s own', async (t) => {
  const backend = await backendOf(t)
  const settings = { urls: [backend.url], idempotencyKey: 'Idempotency-Key' }
  const gateway = await startGateway({ upstream: backend.url, configuration: { upstreams: { backend: settings } } })
  t.teardown(gateway.close)
  const keys = async (headers: [string, string][], path = '/upload'): Promise<string[]> => {
    const type: [string, string] = ['content-type', 'multipart/form-data; boundary=b']
    const sent = path === '/upload' ? { method: 'POST', body: form(), headers: [type, ...headers] } : { headers }
    await (await fetch(`${gateway.url}${path}`, sent)).text()
    return valuesOf(backend.seen.at(-1)?.fields ?? [], 'idempotency-key')
  }
  const [own = ''] = await keys([])
  t.equal(own, `"${valuesOf(backend.seen.at(-1)?.fields ?? [], 'x-request-id')[0]}"`)
  t.same(await keys([['Idempotency-Key', '"from-the-client"']]), ['"from-the-client"'])
  t.match(await keys([['Idempotency-Key', 'with space']]), [/^"[0-9a-f-]{36}"$/])
  t.match(await keys([['Idempotency-Key', 'x'.repeat(256)]]), [/^"[0-9a-f-]{36}"$/])
  t.match(await keys([['Idempotency-Key', '']]), [/^"[0-9a-f-]{36}"$/])
  t.match(
    await keys([
      ['Idempotency-Key', 'a'],
      ['Idempotency-Key', 'b'],
    ]),
    [/^"[0-9a-f-]{36}"$/],
    'two are none',
  )
  await keys([['Idempotency.Key', 'a']])
  t.same(valuesOf(backend.seen.at(-1)?.fields ?? [], 'idempotency.key'), [], 'what some backends take for it')
  t.same(await keys([], '/page'), [], 'plain traffic gets none')
  t.same(await keys([['Idempotency-Key', 'a b']], '/page'), ['a b'], 'and keeps its own')
})

t.test('two fields with a key are none, whatever their case', (t) => {
  const asked = (rawHeaders: string[]) => idempotencyField('Idempotency-Key', { rawHeaders, id: 'i' })
  t.same(asked(['idempotency-key', 'a', 'X', 'idempotency-key']), ['Idempotency-Key', 'a'])
  t.same(asked(['idempotency-key', 'a', 'IDEMPOTENCY-KEY', 'a']), ['Idempotency-Key', '"i"'])
  t.same(asked(['idempotency-key', 'caf\u00e9']), ['Idempotency-Key', '"i"'])
  t.end()
})

t.test('a release by a person has the key of its entry, once', async (t) => {
  const upstream = upstreamOf(['http://127.0.0.1:1'], { idempotencyKey: 'idempotency-key' })
  const client = { address: '::1', key: '::1', trusted: false, scheme: 'http', host: 'a', forwardedFor: [] } as const
  const identity = { id: 'i', traceparent: '', tracestate: null, client }
  const head = { method: 'POST', target: '/', host: 'a', headers: {}, body: { kind: 'none' } } as const
  const request = { ...identity, ...head, rawHeaders: ['Idempotency_Key', 'x'] }
  const verdict: Verdict = { verdict: 'clean', action: 'release', findings: [], files: [] }
  const reviewed = ['Idempotency-Key', '"entry"']
  const released = await releaseRequest(
    { request, policy: { name: 'p' }, upstream, signal: AbortSignal.timeout(60_000), reviewed },
    { body: multipartBody([], 'b'), files: [] },
    verdict,
  )
  t.equal(released.request.repeatable, true)
  const { headers } = released.request
  const names = Array.isArray(headers) ? headers.filter((_, index) => index % 2 === 0) : []
  t.same(
    names.filter((name) => /^idempotency/i.test(name)),
    ['Idempotency-Key'],
  )
  await upstream.destroy()
})

t.test('without a key, an answer of 503 is the answer, and metrics count what is sent again', async (t) => {
  let asked = 0
  const backend = await backendOf(t, () => (++asked % 2 === 1 ? emptyAnswer(503) : plainAnswer('taken')))
  const urls = [backend.url]
  const upstreams = { backend: { urls } }
  const plain = await startGateway({ upstream: urls, configuration: { upstreams } })
  t.teardown(plain.close)
  const sent = { method: 'POST', body: form(), headers: { 'content-type': 'multipart/form-data; boundary=b' } }
  t.equal((await fetch(`${plain.url}/upload`, sent)).status, 503)
  asked = 0
  const keyed = await startGateway({
    upstream: urls,
    configuration: { upstreams: { backend: { urls, idempotencyKey: 'X-Upload-Key' } } },
  })
  t.teardown(keyed.close)
  t.equal((await fetch(`${keyed.url}/upload`, sent)).status, 200)
  t.equal(asked, 2)
  const copies = backend.seen.slice(-2).map(({ fields }) => valuesOf(fields, 'x-upload-key')[0])
  t.match(copies[0], /^"[0-9a-f-]{36}"$/)
  t.equal(copies[0], copies[1])
  t.equal(await gauge(keyed, 'sluice_upstream_retries_total{upstream="backend"}'), 1)
  t.equal(await gauge(plain, 'sluice_upstream_retries_total{upstream="backend"}'), 0)
  t.equal(await gauge(plain, `sluice_upstream_ejections_total{upstream="backend",endpoint="${backend.url}"}`), 0)
})
