import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startFaultyBackend } from '../support/fault-proxy.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { type LegacyBackend, plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody, lex } from '../support/multipart.ts'
import { ask, openClient, type RawAnswer } from '../support/raw-client.ts'
import { gauge, until } from '../support/scrape.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function setUp(t: Teardown, options: Omit<Parameters<typeof startGateway>[0], 'upstream'> = {}) {
  const backend = await startBackend(() => plainAnswer('thanks'))
  const gateway = await startGateway({ upstream: backend.url, ...options })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  return { backend, gateway }
}

interface Teardown {
  teardown(end: () => Promise<void>): unknown
}
interface Problem {
  status: number
  problems: { id: string; part?: number; failed: string; expected: string }[]
  retry: { safe: boolean; useful: boolean }
}

function post(
  gateway: TestGateway,
  body: Buffer,
  boundary = 'b',
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${gateway.url}/upload`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers },
  })
}

function head(length: number, fields = '', path = '/upload'): string {
  const type = 'Content-Type: multipart/form-data; boundary=b'
  return `POST ${path} HTTP/1.1\r\nHost: a\r\n${type}\r\n${fields}Content-Length: ${length}\r\n\r\n`
}

async function problemOf(response: Response): Promise<Problem> {
  return (await response.json()) as Problem
}

/** What the backend saw of the last request, taken apart again. */
function lastForm(backend: LegacyBackend) {
  const seen = backend.seen.at(-1)
  if (!seen) throw new Error('the backend saw nothing')
  const type = seen.fields.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const boundary = type.split('boundary=')[1] ?? ''
  return { seen, boundary, ...lex(boundary, seen.body) }
}

t.test('a clean upload arrives intact, as a body that the gateway wrote', async (t) => {
  const { backend, gateway } = await setUp(t)
  const body = formBody('b', [
    { name: 'title', content: 'Überraschung' },
    { name: 'photo', filename: 'holiday; final.png', type: 'image/png', content: png },
    { name: 'empty', filename: '', type: 'application/octet-stream', content: '' },
    { name: 'doc', filename: 'report.pdf', content: pdf },
  ])
  const response = await post(gateway, body, 'b', { 'sluice-verdict': 'clean', x_request_id: 'spoofed' })
  t.equal(response.status, 200)
  t.equal(await response.text(), 'thanks')
  const { seen, boundary, parts, violation } = lastForm(backend)
  t.equal(violation, null)
  t.match(boundary, /^[A-Za-z0-9]{28}$/)
  t.equal(seen.framing, 'length')
  t.same(
    parts.map(({ header, content }) => [header.name, header.filename, header.contentType, sha256(content)]),
    [
      ['title', null, null, sha256(Buffer.from('Überraschung'))],
      ['photo', 'holiday; final.png', 'image/png', sha256(png)],
      ['empty', '', 'application/octet-stream', sha256(Buffer.alloc(0))],
      ['doc', 'report.pdf', 'application/octet-stream', sha256(pdf)],
    ],
  )
  const values = (name: string) =>
    seen.fields.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value)
  t.same(values('sluice-verdict'), ['clean;policy="test";files=3'])
  t.match(values('sluice-files')[0], new RegExp(`^"${sha256(png)}";part=2, `))
  t.equal(values('x-request-id').length, 1)
  t.notOk(seen.fields.some(([, value]) => value === 'spoofed'))
})

t.test('all violations of a request are listed, and nothing reaches the backend', async (t) => {
  const { backend, gateway } = await setUp(t, {
    policy: { extends: 'images', fields: { require: ['claim'] }, onRefused: 'refuse' },
  })
  const response = await post(
    gateway,
    formBody('b', [
      { name: 'a', filename: 'x.exe', content: 'MZ' },
      { name: 'b', filename: 'fake.png', type: 'image/png', content: pdf },
    ]),
  )
  const problem = await problemOf(response)
  t.equal(response.headers.get('content-type'), 'application/problem+json')
  t.same(new Set(problem.problems.map(({ id }) => id)).has('field.missing'), true)
  t.ok(problem.problems.some(({ id, part }) => id === 'file.name.executable' && part === 1))
  t.ok(problem.problems.some(({ id, part }) => id === 'file.type.mismatch' && part === 2))
  t.same(problem.retry, { safe: true, useful: false, after: null })
  t.equal(backend.raw.length, 0, 'no connection was made')
})

t.test('stripped requests tell the backend and the client what was taken out', async (t) => {
  const { backend, gateway } = await setUp(t, { policy: { extends: 'images', onRefused: 'strip' } })
  const response = await post(
    gateway,
    formBody('b', [
      { name: 'a', filename: 'good.png', type: 'image/png', content: png },
      { name: 'b', filename: 'bad.png', type: 'image/png', content: pdf },
    ]),
  )
  t.equal(response.status, 200)
  t.equal(response.headers.get('sluice-removed'), 'file.type.mismatch;part=2')
  const { parts, seen } = lastForm(backend)
  t.same(
    parts.map(({ header }) => header.name),
    ['a'],
  )
  t.ok(seen.fields.some(([name, value]) => name === 'Sluice-Removed' && value === 'file.type.mismatch;part=2'))
  t.ok(seen.fields.some(([name, value]) => name === 'Sluice-Verdict' && value.startsWith('stripped;')))
})

t.test('a list of removed files that cannot name them all says so', async (t) => {
  const limits = { files: { count: 200 }, request: { parts: 200 } }
  const { gateway } = await setUp(t, { policy: { extends: 'images', onRefused: 'strip', ...limits } })
  const bad = Array.from({ length: 120 }, (_, index) => ({ filename: `${index}.png`, type: 'image/png', content: pdf }))
  const good = { name: 'f', filename: 'good.png', type: 'image/png', content: png }
  const response = await post(gateway, formBody('b', [...bad.map((file) => ({ name: 'f', ...file })), good]))
  t.equal(response.status, 200)
  t.match(response.headers.get('sluice-removed'), /^file\.type\.mismatch;part=1, .*, truncated$/)
})

t.test('a policy that reports lets through what it finds; off looks at nothing', async (t) => {
  for (const mode of ['report', 'off']) {
    const { backend, gateway } = await setUp(t, { policy: { extends: 'images', mode } })
    const response = await post(gateway, formBody('b', [{ name: 'a', filename: 'a.png', content: pdf }]))
    t.equal(response.status, 200, mode)
    t.equal(lastForm(backend).parts[0]?.header.filename, 'a.png')
    const expected = mode === 'report' ? 1 : undefined
    t.equal(await gauge(gateway, 'sluice_findings_total{rule="file.type.mismatch",mode="report"}'), expected)
  }
})

t.test('multipart syntax is refused whatever the mode, with the offset', async (t) => {
  const { backend, gateway } = await setUp(t, { policy: { mode: 'off' } })
  const body = Buffer.concat([formBody('b', [{ name: 'a', content: 'x' }]), Buffer.from('trailing')])
  const problem = await problemOf(await post(gateway, body))
  t.match(problem.problems[0], { id: 'multipart.epilogue', offset: body.length - 8 })
  t.equal(backend.seen.length, 0)
})

t.test('a raw body is a one-file upload', async (t) => {
  const { backend, gateway } = await setUp(t, { policy: { extends: 'images' } })
  const put = (name: string, type: string, content: Buffer) =>
    fetch(`${gateway.url}/raw/${name}`, {
      method: 'PUT',
      body: new Uint8Array(content),
      headers: { 'content-type': type },
    })
  t.equal((await put('a.png', 'image/png', png)).status, 200)
  t.same(backend.seen.at(-1)?.body, png)
  t.match((await problemOf(await put('a.png', 'image/png', pdf))).problems[0], { id: 'file.type.mismatch' })
  t.equal(backend.seen.length, 1)
  const headers = { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="evil.php"' }
  const body = new Uint8Array(png)
  await fetch(`${gateway.url}/raw/a.png`, { method: 'PUT', body, headers })
  t.notOk(
    backend.seen.at(-1)?.fields.some(([, value]) => value.includes('evil')),
    'no name that was not judged',
  )
  const piece = { ...headers, 'content-range': 'bytes 0-9/100' }
  const partial = await fetch(`${gateway.url}/raw/a.png`, { method: 'PUT', body, headers: piece })
  t.match((await problemOf(partial)).problems[0], { id: 'body.partial' })
  t.equal(backend.seen.length, 2)
})

t.test('large uploads go through memory and through the spool, and leave nothing behind', async (t) => {
  for (const memory of ['64MiB', '1MiB']) {
    const { backend, gateway } = await setUp(t, { hold: { memory } })
    const file = randomBytes(9 * 1024 * 1024 + 7)
    const response = await post(gateway, formBody('b', [{ name: 'f', filename: 'f.bin', content: file }]))
    t.equal(response.status, 200, memory)
    t.equal(sha256(lastForm(backend).parts[0]?.content ?? Buffer.alloc(0)), sha256(file))
    t.equal(await gauge(gateway, 'sluice_hold_memory_bytes'), 0)
    t.equal(await gauge(gateway, 'sluice_hold_spool_bytes'), 0)
    t.same(readdirSync(gateway.directory).sort(), ['audit.jsonl'])
  }
})

t.test('the audit line holds the facts and nothing of the content', async (t) => {
  const { gateway } = await setUp(t)
  await post(
    gateway,
    formBody('b', [
      { name: 'note', content: 'secret words' },
      { name: 'f', filename: 'f.pdf', content: pdf },
    ]),
  )
  await gateway.close()
  const lines = readFileSync(`${gateway.directory}/audit.jsonl`, 'utf8')
  t.notMatch(lines, /secret words|endobj/)
  const [line] = lines
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
  t.match(line, { verdict: 'clean', outcome: 'released', status: 200, policy: 'test', route: '/upload' })
  t.match(line.facts.files[0], { name: 'f.pdf', sha256: sha256(pdf), inspected: { detected: { type: 'pdf' } } })
})

t.test('what exceeds a limit by its headers is refused before the body is asked for', async (t) => {
  const { backend, gateway } = await setUp(t, { policy: { request: { size: '1MiB' }, files: { size: '1MiB' } } })
  const client = await openClient(gateway.port)
  client.write(head(2 * 1024 * 1024, 'Expect: 100-continue\r\n'))
  const interim: RawAnswer[] = []
  const answer = await client.answer('POST', interim)
  t.equal(answer?.status, 413)
  t.same(interim, [], 'no 100 (Continue) was sent')
  t.equal(await gauge(gateway, 'sluice_received_bytes_total{lane="upload"}'), 0)
  client.destroy()
  t.equal(backend.raw.length, 0)
})

t.test('100 (Continue) is sent where the body is wanted', async (t) => {
  const { gateway } = await setUp(t)
  const body = formBody('b', [{ name: 'a', content: 'x' }])
  const client = await openClient(gateway.port)
  client.write(head(body.length, 'Expect: 100-continue\r\n'))
  t.ok(await client.sees('100 Continue'))
  client.write(body)
  t.equal((await client.answer('POST'))?.status, 200)
  client.destroy()
})

t.test('after an early refusal, nothing of the connection is taken for a request', async (t) => {
  const { backend, gateway } = await setUp(t, { policy: { request: { size: '1KiB' } } })
  const client = await openClient(gateway.port)
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
  client.write(head(5000) + smuggled.repeat(200))
  t.equal((await client.answer('POST'))?.status, 413)
  client.write(smuggled)
  client.socket.end()
  await client.closed()
  t.equal(client.received.length, 0, 'there was no second answer')
  t.equal(backend.seen.length, 0)
})

t.test('a refusal of a body that was read whole keeps the connection', async (t) => {
  const { gateway } = await setUp(t, { policy: { extends: 'images' } })
  const bad = formBody('b', [{ name: 'a', filename: 'a.png', content: pdf }])
  const good = formBody('b', [{ name: 'a', filename: 'a.png', content: png }])
  const client = await openClient(gateway.port)
  client.write(Buffer.concat([Buffer.from(head(bad.length)), bad, Buffer.from(head(good.length)), good]))
  t.equal((await client.answer('POST'))?.status, 415)
  t.equal((await client.answer('POST'))?.status, 200, 'a pipelined request is served in its turn')
  client.destroy()
})

t.test('bodies that stall, trickle or never end are told so, whatever the route', async (t) => {
  const body = { idle: '200ms', minimumRate: '1KiB/s', total: '1s' }
  const { gateway } = await setUp(t, { admission: { body } })
  const drip = async (path: string, bytes: string, every: number, expected: string, first = ''): Promise<void> => {
    const client = await openClient(gateway.port)
    const plain = head(1_000_000, '', path).replace(/Content-Type: [^\r]*/, 'Content-Type: text/plain')
    client.write(path === '/upload' ? head(1_000_000, '', path) : plain)
    if (path === '/upload') client.write('--b\r\nContent-Disposition: form-data; name="a"; filename="a.bin"\r\n\r\n')
    client.write(first)
    const timer = setInterval(() => client.write(bytes), every)
    const answer = await client.answer('POST')
    clearInterval(timer)
    client.destroy()
    t.equal(answer?.status, 408, expected)
    t.match(JSON.parse(answer?.body.toString() ?? '{}'), { problems: [{ id: expected }], retry: { useful: true } })
  }
  // Enough for the rate, so that only the silence can be what ends it.
  const enough = 'x'.repeat(50_000)
  await drip('/upload', '', 10_000, 'body.idle', enough)
  await drip('/upload', 'x', 50, 'body.too-slow')
  await drip('/upload', 'x'.repeat(500), 20, 'body.too-long')
  await drip('/api', 'x', 10_000, 'body.idle', enough)
  await drip('/api', 'x', 50, 'body.too-slow')
})

t.test('the bytes of relayed bodies are counted', async (t) => {
  const { gateway } = await setUp(t)
  await fetch(`${gateway.url}/api`, {
    method: 'POST',
    body: 'x'.repeat(12_345),
    headers: { 'content-type': 'text/plain' },
  })
  await until(gateway, 'sluice_received_bytes_total{lane="interactive"}', 12_345)
})

t.test('a slow but steady upload outlives every pause that is allowed', async (t) => {
  const body = { idle: '300ms', minimumRate: '100B/s', total: '60s' }
  const { backend, gateway } = await setUp(t, { admission: { body } })
  const form = formBody('b', [{ name: 'a', filename: 'a.bin', content: randomBytes(2000) }])
  const client = await openClient(gateway.port)
  client.write(head(form.length))
  for (let at = 0; at < form.length; at += 100) {
    client.write(form.subarray(at, at + 100))
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  t.equal((await client.answer('POST'))?.status, 200)
  t.equal(lastForm(backend).parts[0]?.content.length, 2000)
  client.destroy()
})

t.test('a client that leaves at any byte leaves nothing behind', async (t) => {
  const { backend, gateway } = await setUp(t, { hold: { memory: '64KiB' } })
  const form = formBody('b', [
    { name: 'a', content: 'x' },
    { name: 'f', filename: 'f.bin', content: randomBytes(100_000) },
  ])
  const whole = Buffer.concat([Buffer.from(head(form.length)), form])
  const places = [...Array.from({ length: 60 }, (_, index) => index * 5), 70_000, 90_000, whole.length - 1]
  for (const [index, place] of places.entries()) {
    const client = await openClient(gateway.port)
    client.write(whole.subarray(0, place))
    await new Promise(setImmediate)
    if (index % 3 === 0) client.socket.resetAndDestroy()
    else if (index % 3 === 1) client.destroy()
    else client.socket.end()
    await client.closed()
  }
  await until(gateway, 'sluice_uploads_in_flight', 0)
  await until(gateway, 'sluice_connections_open', 0)
  t.equal(await gauge(gateway, 'sluice_hold_memory_bytes'), 0)
  t.equal(await gauge(gateway, 'sluice_hold_spool_bytes'), 0)
  t.equal(backend.seen.length, 0, 'no prefix of the upload reached the backend')
})

t.test('a client that leaves while its files are looked at is no fault of the gateway', async (t) => {
  const limits = { files: { count: 1000 }, request: { parts: 1000 } }
  const { gateway } = await setUp(t, { hold: { memory: '64KiB' }, policy: limits })
  const content = Buffer.alloc(10_000, 'text ')
  const form = formBody(
    'b',
    Array.from({ length: 800 }, (_, index) => ({ name: 'f', filename: `${index}.txt`, content })),
  )
  for (const pause of [0, 100, 200]) {
    const client = await openClient(gateway.port)
    client.write(Buffer.concat([Buffer.from(head(form.length)), form]))
    await until(gateway, 'sluice_uploads_in_flight', 1)
    await new Promise((resolve) => setTimeout(resolve, pause))
    client.socket.resetAndDestroy()
    await until(gateway, 'sluice_uploads_in_flight', 0)
  }
  t.equal((await gauge(gateway, 'sluice_problems_total{id="gateway.fault"}')) ?? 0, 0)
  await until(gateway, 'sluice_hold_spool_bytes', 0)
})

t.test('CONNECT behind an open answer, and the connection reset: nothing but the connection ends', async (t) => {
  const { backend, gateway } = await setUp(t)
  backend.answer = () => null
  const client = await openClient(gateway.port)
  client.write('GET /open HTTP/1.1\r\nHost: a\r\n\r\nCONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n')
  await backend.receives('/open')
  client.socket.resetAndDestroy()
  await until(gateway, 'sluice_connections_open', 0)
  backend.answer = () => plainAnswer('still there')
  t.equal(await (await fetch(gateway.url)).text(), 'still there')
})

t.test('a backend that dies at any byte of its answer leaves no client without an answer', async (t) => {
  const answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nthanks')
  const backend = await startFaultyBackend(answer)
  const gateway = await startGateway({ upstream: backend.url })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  const form = formBody('b', [{ name: 'a', content: 'x' }])
  for (let after = 0; after <= answer.length; after++) {
    backend.fault = { after, by: after % 2 ? 'end' : 'reset' }
    const got = await ask(gateway.port, Buffer.concat([Buffer.from(head(form.length)), form]))
    if (got?.status !== 502) t.ok(got === null || got.body.toString() === 'thanks', `cut short after ${after}`)
    else t.match(JSON.parse(got.body.toString()), { retry: { safe: false } }, `after ${after}`)
  }
  await until(gateway, 'sluice_uploads_in_flight', 0)
  t.equal(await gauge(gateway, 'sluice_hold_memory_bytes'), 0)
  await gateway.close()
  const lines = readFileSync(join(gateway.directory, 'audit.jsonl'), 'utf8').trim().split('\n')
  const cutShort = lines
    .map((line) => JSON.parse(line))
    .filter(({ outcome, status }) => outcome === 'failed' && status === 200)
  t.ok(
    cutShort.length > 0 && cutShort.every(({ upstream }) => upstream.status === 200),
    'the status that came is on record',
  )
})

t.test('no backend: the upload is retried, then refused with the truth about a retry', async (t) => {
  const gone = await startBackend()
  await gone.close()
  const gateway = await startGateway({ upstream: gone.url, retryFor: '300ms' })
  t.teardown(gateway.close)
  const response = await post(gateway, formBody('b', [{ name: 'a', content: 'x' }]))
  t.equal(response.status, 502)
  t.match(await problemOf(response), {
    problems: [{ id: 'upstream.unreachable' }],
    retry: { safe: true, useful: true },
  })
  t.equal(await gauge(gateway, 'sluice_released_bytes_total'), 0)
})

t.test(
  'a held upload survives the restart of its backend, and goes to the other one where there are two',
  async (t) => {
    const first = await startBackend(() => plainAnswer('late'))
    await first.close()
    const gateway = await startGateway({ upstream: first.url, retryFor: '10s' })
    t.teardown(gateway.close)
    const sent = post(gateway, formBody('b', [{ name: 'a', content: 'x' }]))
    await until(gateway, 'sluice_uploads_in_flight', 1)
    const again = await startBackend(() => plainAnswer('late'), first.port)
    t.teardown(() => again.close())
    t.equal(await (await sent).text(), 'late')
    const alive = await startBackend(() => plainAnswer('second'))
    t.teardown(() => alive.close())
    const pair = await startGateway({ upstream: ['http://127.0.0.1:9', alive.url] })
    t.teardown(pair.close)
    for (let turn = 0; turn < 4; turn++) {
      t.equal(await (await post(pair, formBody('b', [{ name: 'a', content: 'x' }]))).text(), 'second')
    }
  },
)

t.test('a spool that is full, and a disk that is full, are 507 before the body is read', async (t) => {
  const small = await setUp(t, {
    hold: { memory: '64KiB', spool: { size: '1MiB', keepFree: '0B' } },
    policy: { request: { size: '1MiB' }, files: { size: '1MiB' } },
  })
  const hog = await openClient(small.gateway.port)
  hog.write(head(900_000))
  await until(small.gateway, 'sluice_hold_spool_bytes', 900_000)
  const client = await openClient(small.gateway.port)
  client.write(head(500_000))
  const answer = await client.answer('POST')
  t.equal(answer?.status, 507)
  t.match(JSON.parse(answer?.body.toString() ?? '{}'), {
    problems: [{ id: 'admission.spool' }],
    retry: { safe: true, useful: true },
  })
  t.ok(answer?.fields.some(([name]) => name === 'Retry-After'))
  hog.destroy()
  client.destroy()
  await until(small.gateway, 'sluice_hold_spool_bytes', 0)
  const full = await setUp(t, { hold: { memory: '64KiB', spool: { size: '4GiB', keepFree: '4000TiB' } } })
  const refused = await post(
    full.gateway,
    formBody('b', [{ name: 'f', filename: 'f.bin', content: randomBytes(100_000) }]),
  )
  t.equal(refused.status, 507)
  t.match((await problemOf(refused)).problems[0], { id: 'hold.disk.full' })
})

t.test('on stopping, what is in flight ends, and what cannot end is told to try again', async (t) => {
  const { gateway } = await setUp(t, { drain: '400ms' })
  const client = await openClient(gateway.port)
  client.write(head(1000))
  await until(gateway, 'sluice_uploads_in_flight', 1)
  t.equal((await fetch(`${gateway.operationsUrl}/readyz`)).status, 200)
  const closing = gateway.close()
  t.equal((await fetch(`${gateway.operationsUrl}/readyz`)).status, 503, 'while it drains')
  const answer = await client.answer('POST')
  t.equal(answer?.status, 503)
  t.match(JSON.parse(answer?.body.toString() ?? '{}'), {
    problems: [{ id: 'gateway.stopping' }],
    retry: { safe: true, useful: true },
  })
  await closing
  await t.rejects(fetch(gateway.url))
})
