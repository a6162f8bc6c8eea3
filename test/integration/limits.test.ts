/** Limits of every measure, key and mode, as clients meet them. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import t from 'tap'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { valuesOf } from '../support/http-bytes.ts'
import { type Answering, plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { ask, openClient, type RawAnswer } from '../support/raw-client.ts'
import { gauge, until } from '../support/scrape.ts'

interface Teardown {
  teardown(end: () => Promise<void>): unknown
}

type Limits = Record<string, Record<string, unknown>>

interface Configured {
  readonly clients?: Record<string, unknown>
  readonly policy?: Record<string, unknown>
  readonly answer?: Answering
}

/** All limits hold on POST /upload; on the rest, those of rate and bytes. Clients are who X-Forwarded-For says. */
async function setUp(t: Teardown, limits: Limits, { clients = {}, policy = {}, answer }: Configured = {}) {
  const backend = await startBackend(answer ?? (() => plainAnswer('thanks')))
  const names = Object.keys(limits)
  const plain = names.filter((name) => limits[name]?.['rate'] !== undefined || limits[name]?.['bytes'] !== undefined)
  const gateway = await startGateway({
    upstream: backend.url,
    policy,
    configuration: {
      clients: { trustedProxies: ['127.0.0.1'], ...clients },
      limits,
      routes: [
        { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'test', limits: names },
        { path: '/free/**', upstream: 'backend' },
        { path: '/**', upstream: 'backend', limits: plain },
      ],
    },
  })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  return { backend, gateway }
}

interface Problem {
  readonly status: number
  readonly problems: { readonly id: string; readonly failed: string; readonly expected: string }[]
  readonly retry: { readonly safe: boolean; readonly useful: boolean; readonly after: number | null }
}

interface Told {
  readonly status: number
  readonly policy: string | null
  readonly limit: string | null
  readonly retryAfter: string | null
  readonly challenge: string | null
  readonly ids: readonly string[]
  readonly problem: Problem | null
}

async function told(response: Response): Promise<Told> {
  const { status, headers } = response
  const isProblem = headers.get('content-type') === 'application/problem+json'
  const problem = isProblem ? ((await response.json()) as Problem) : null
  if (problem === null) await response.arrayBuffer()
  return {
    status,
    policy: headers.get('ratelimit-policy'),
    limit: headers.get('ratelimit'),
    retryAfter: headers.get('retry-after'),
    challenge: headers.get('www-authenticate'),
    ids: problem?.problems.map(({ id }) => id) ?? [],
    problem,
  }
}

async function get(gateway: TestGateway, path = '/', headers: Record<string, string> = {}): Promise<Told> {
  return told(await fetch(`${gateway.url}${path}`, { headers }))
}

const files = (count: number, content = 'x') =>
  formBody(
    'b',
    Array.from({ length: count }, (_, index) => ({ name: 'file', filename: `${index}.txt`, content })),
  )

/** With its length, unless it is to come in chunks. */
async function upload(
  gateway: TestGateway,
  body: Buffer = files(1),
  headers: Record<string, string> = {},
  chunked = false,
): Promise<Told> {
  const bytes = new Uint8Array(body)
  const sent = await fetch(`${gateway.url}/upload`, {
    method: 'POST',
    body: chunked ? new Blob([bytes]).stream() : bytes,
    ...(chunked && { duplex: 'half' }),
    headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
  })
  return told(sent)
}

function audit({ directory }: TestGateway): { limits: { limit: string; decision: string }[]; route: string }[] {
  const lines = readFileSync(join(directory, 'audit.jsonl'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}

async function recorded(gateway: TestGateway, count: number): Promise<ReturnType<typeof audit>> {
  await until(gateway, 'sluice_audit_lines_total{result="written"}', count)
  return audit(gateway)
}

t.test('requests', async (t) => {
  const { gateway, backend } = await setUp(t, { 'per-client': { key: 'client', rate: '60/h', burst: 3 } })
  const first = await get(gateway)
  t.match(first, { status: 200, policy: '"per-client";q=3;w=180', limit: '"per-client";r=2;t=60' })
  t.match(await upload(gateway), { status: 200, limit: /^"per-client";r=1;t=\d+$/ }, 'uploads are requests as well')
  t.match(await get(gateway), { status: 200, limit: /^"per-client";r=0;t=\d+$/ })
  const refused = await get(gateway)
  t.match(refused, { status: 429, ids: ['limit.rate'], policy: '"per-client";q=3;w=180', limit: /^"per-client";r=0/ })
  t.match(refused.problem?.problems[0], {
    failed: '0 of 3 requests left in limit per-client',
    expected: 'at most 60 requests per hour and 3 at once from one client address',
  })
  t.match(refused.problem?.retry, { safe: true, useful: true })
  t.equal(String(refused.problem?.retry.after), refused.retryAfter)
  t.ok(Number(refused.retryAfter) > 0 && Number(refused.retryAfter) <= 60, `the real wait: ${refused.retryAfter} s`)
  t.match(await get(gateway, '/', { 'x-forwarded-for': '192.0.2.7' }), { status: 200, limit: /r=2/ }, 'another client')
  t.match(await get(gateway, '/free/'), { status: 200, policy: null, limit: null }, 'a route without limits')
  t.equal(backend.seen.length, 5, 'a refused request reaches nobody')
  t.equal(await gauge(gateway, 'sluice_limit_decisions_total{limit="per-client",decision="allowed"}'), 4)
  t.equal(await gauge(gateway, 'sluice_limit_decisions_total{limit="per-client",decision="refused"}'), 1)
  t.equal(await gauge(gateway, 'sluice_limit_buckets'), 2)
  t.equal(await gauge(gateway, 'sluice_problems_total{id="limit.rate"}'), 1)
  const records = await recorded(gateway, 6)
  t.same(
    records.map(({ limits }) => limits),
    [[], [], [], [{ limit: 'per-client', decision: 'refused' }], [], []],
  )
})

t.test('IPv6 clients are their /64', async (t) => {
  const { gateway } = await setUp(t, { few: { key: 'client', rate: '2/h' } })
  const from = (address: string): Promise<Told> => get(gateway, '/', { 'x-forwarded-for': address })
  t.match(await from('2001:db8:1:2::1'), { status: 200, limit: /r=1/ })
  t.match(await from('2001:db8:1:2:ffff::2'), { status: 200, limit: /r=0/ })
  t.match(await from('2001:db8:1:2:3::4'), { status: 429 })
  t.match(await from('2001:db8:1:3::1'), { status: 200 })
})

t.test('what comes back', async (t) => {
  const { gateway } = await setUp(t, { fast: { key: 'client', rate: '2/s', burst: 1 } })
  t.match(await get(gateway), { status: 200 })
  let refused = 0
  let last = await get(gateway)
  while (last.status === 429) {
    t.equal(last.retryAfter, '1')
    refused += 1
    await new Promise((resolve) => setTimeout(resolve, 50))
    last = await get(gateway)
  }
  t.match(last, { status: 200 })
  t.ok(refused > 0)
})

t.test('bytes whose number is known', async (t) => {
  const { gateway, backend } = await setUp(
    t,
    { bytes: { key: 'client', bytes: '1000KB/h' } },
    { policy: { request: { size: '1000KB' } } },
  )
  const body = files(1, 'x'.repeat(400_000))
  t.match(await upload(gateway, body), { status: 200, policy: '"bytes";q=1000000;w=3600;qu="content-bytes"' })
  t.match(await upload(gateway, body), { status: 200, limit: /^"bytes";r=199\d{3};t=2[789]\d\d$/ })
  const refused = await upload(gateway, body)
  t.match(refused, { status: 429, ids: ['limit.bytes'] })
  t.match(
    refused.problem?.problems[0]?.failed,
    /^19[45][.\d]* KiB of 976.56 KiB left in limit bytes, and the body has 390.7 KiB$/,
  )
  t.ok(Number(refused.retryAfter) > 600 && Number(refused.retryAfter) < 740, `the real wait: ${refused.retryAfter} s`)
  t.match(await get(gateway), { status: 200, limit: /^"bytes";r=19/ }, 'who brings no body wants none of it')
  const large = await fetch(`${gateway.url}/plain`, { method: 'PUT', body: 'x'.repeat(1_000_001) })
  t.match(await told(large), {
    status: 413,
    ids: ['limit.capacity'],
    retryAfter: null,
    problem: { retry: { useful: false } },
  })
  const tooLarge = await upload(gateway, files(1, 'x'.repeat(1_000_001)))
  t.match(
    tooLarge,
    { status: 413, ids: ['request.size'], limit: /^"bytes";r=19/ },
    'what the policy refuses by its headers costs nothing',
  )
  t.equal(backend.seen.length, 3)
})

t.test('bytes that are not announced', async (t) => {
  const { gateway, backend } = await setUp(t, { bytes: { key: 'client', bytes: '100MiB/d' } })
  const body = files(1, 'x'.repeat(3_000_000))
  const left = async (): Promise<number> => Number(/r=(\d+)/.exec((await get(gateway)).limit ?? '')?.[1])
  const near = (actual: number, wanted: number): boolean => Math.abs(actual - wanted) < 100_000
  const whole = 100 * 2 ** 20
  t.match(
    await upload(gateway, body, {}, true),
    { status: 200, limit: /^"bytes";r=101857\d{3}/ },
    'told without what was reserved ahead',
  )
  t.ok(near(await left(), whole - body.length))
  const relayed = await fetch(`${gateway.url}/plain`, {
    method: 'PUT',
    body: new Blob([new Uint8Array(body)]).stream(),
    duplex: 'half',
  })
  t.match(await told(relayed), { status: 200 })
  t.ok(near(await left(), whole - 2 * body.length), 'of a relayed body, afterwards')
  t.equal(backend.seen.length, 4)
})

t.test('a body without a length is refused while it is still sent', async (t) => {
  const { gateway, backend } = await setUp(
    t,
    { bytes: { key: 'client', bytes: '3MiB/d' } },
    { policy: { request: { size: '3MiB' } } },
  )
  t.match(await upload(gateway, files(1, 'x'.repeat(2_000_000))), { status: 200 })
  const client = await openClient(gateway.port)
  const form = 'Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked'
  client.write(`POST /upload HTTP/1.1\r\nHost: a\r\n${form}\r\n\r\n`)
  const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
  client.write(chunk('--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'))
  for (let sent = 0; sent < 30; sent++) client.write(chunk('x'.repeat(65_536)))
  const answer = await client.answer('POST')
  t.equal(answer?.status, 429, 'its end was never sent')
  t.match(valuesOf(answer?.fields ?? [], 'ratelimit-policy'), ['"bytes";q=3145728;w=86400;qu="content-bytes"'])
  const { problems, retry } = JSON.parse(answer?.body.toString() ?? '') as Problem
  t.match(problems, [{ id: 'limit.bytes', failed: /left in limit bytes, and the body has at least 1[.\d]* MiB$/ }])
  t.ok((retry.after ?? 0) > 3600, 'what came is paid for, and comes again')
  t.match(await get(gateway), { limit: /^"bytes";r=\d{1,6};/ })
  client.destroy()
  t.equal(backend.seen.filter(({ method }) => method === 'POST').length, 1)
})

t.test(
  'a relayed body of unknown length is refused while it comes; what came is owed, and keeps bodies out and nobody else',
  async (t) => {
    const { gateway } = await setUp(
      t,
      { bytes: { key: 'client', bytes: '1MB/d' } },
      { policy: { request: { size: '1MB' } } },
    )
    const relay = (size: number): Promise<Response> =>
      fetch(`${gateway.url}/plain`, {
        method: 'PUT',
        body: new Blob(['x'.repeat(size)]).stream(),
        duplex: 'half',
      })
    t.match(await told(await relay(2_000_000)), { status: 413, ids: ['limit.capacity'] })
    const owing = await told(await relay(1))
    t.match(owing, { status: 429, ids: ['limit.bytes'], limit: /^"bytes";r=0;t=\d+$/ })
    t.ok(Number(/t=(\d+)/.exec(owing.limit ?? '')?.[1]) > 86_400, 'more than what an empty bucket needs')
    t.ok(Number(owing.retryAfter) > 60)
    t.match(await upload(gateway), { status: 429, ids: ['limit.bytes'] })
    t.match(await get(gateway), { status: 200 })
  },
)

t.test('an upload that is broken off is charged what came', async (t) => {
  const { gateway } = await setUp(t, {
    bytes: { key: 'client', bytes: '200MiB/d' },
    files: { key: 'client', files: '5/d' },
    'at-once': { key: 'client', concurrent: 1 },
  })
  const client = await openClient(gateway.port)
  client.write(
    'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 90000000\r\n\r\n--b',
  )
  await until(gateway, 'sluice_uploads_in_flight', 1)
  t.match(await upload(gateway), { status: 429, ids: ['limit.concurrent'] }, 'it has its place')
  client.destroy()
  await until(gateway, 'sluice_uploads_in_flight', 0)
  await recorded(gateway, 2)
  t.match(await upload(gateway), { status: 200, limit: /^"bytes";r=2097\d{5};t=1, "files";r=4;t=\d+, "at-once";r=0$/ })
})

t.test('files', async (t) => {
  const { gateway, backend } = await setUp(t, { files: { key: 'client', files: '5/h' } })
  t.match(await upload(gateway, files(3)), {
    status: 200,
    policy: '"files";q=5;w=3600;qu="files"',
    limit: /^"files";r=2/,
  })
  const refused = await upload(gateway, files(3))
  t.match(refused, { status: 429, ids: ['limit.files'], limit: /^"files";r=2/ })
  t.match(refused.problem?.problems[0]?.failed, /and the upload has 3 files$/)
  t.ok(
    Number(refused.retryAfter) > 700 && Number(refused.retryAfter) <= 720,
    `one file comes back: ${refused.retryAfter} s`,
  )
  t.match(await upload(gateway, files(6)), { status: 413, ids: ['limit.capacity'] })
  const form = formBody('b', [
    { name: 'title', content: 'no file' },
    { name: 'file', filename: '', content: '' },
  ])
  t.match(await upload(gateway, form), { status: 200, limit: /^"files";r=2/ }, 'a form without files')
  t.match(await upload(gateway, files(2)), { status: 200, limit: /^"files";r=0/ })
  t.match(await upload(gateway, files(1)), { status: 429, ids: ['limit.files'] })
  t.match(await get(gateway), { status: 200, policy: null }, 'no limit of files on a route without a policy')
  t.equal(backend.seen.length, 4)
})

t.test('uploads at a time', async (t) => {
  const held: (() => void)[] = []
  const answer: Answering = ({ method }) =>
    method === 'GET' ? plainAnswer('ok') : new Promise((resolve) => held.push(() => resolve(plainAnswer('thanks'))))
  const { gateway } = await setUp(t, { 'at-once': { key: 'client', concurrent: 2 } }, { answer })
  const under = [upload(gateway), upload(gateway)]
  while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  const refused = await upload(gateway)
  t.match(refused, { status: 429, ids: ['limit.concurrent'], retryAfter: '5', limit: '"at-once";r=0' })
  t.equal(refused.problem?.problems[0]?.failed, '2 uploads are under way, as many as limit at-once allows')
  t.match(await get(gateway, '/upload'), { status: 200 }, 'no upload')
  t.equal(held.length, 2)
  held.shift()?.()
  t.match(await Promise.race(under), {
    status: 200,
    policy: '"at-once";q=2;qu="concurrent-requests"',
    limit: /^"at-once";r=[01]$/,
  })
  const next = upload(gateway)
  while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  for (const end of held) end()
  t.match(await Promise.all([...under, next]), [{ status: 200 }, { status: 200 }, { status: 200 }])
})

function uploadHead(): string {
  const type = 'Content-Type: multipart/form-data; boundary=b'
  return `POST /upload HTTP/1.1\r\nHost: a\r\n${type}\r\nContent-Length: ${files(1).length}\r\n\r\n`
}

t.test('places are given back on every path', async (t) => {
  const { gateway, backend } = await setUp(t, { 'at-once': { key: 'client', concurrent: 1 } })
  const ways: [string, () => Promise<unknown>][] = [
    ['a clean upload', () => upload(gateway)],
    ['one that is refused by its syntax', () => upload(gateway, Buffer.from('--b\r\nnonsense'))],
    ['by its headers', () => upload(gateway, files(1), { 'content-encoding': 'gzip' })],
    [
      'whose body is no HTTP',
      () =>
        ask(
          gateway.port,
          'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
        ),
    ],
    [
      'whose backend breaks off',
      async () => {
        backend.answer = (_, socket) => void socket.destroy()
        await upload(gateway)
        backend.answer = () => plainAnswer('thanks')
      },
    ],
  ]
  for (const [what, go] of ways) {
    await go()
    t.match(await upload(gateway), { status: 200 }, what)
  }
  backend.answer = (_, socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal')
  const client = await openClient(gateway.port)
  client.write(Buffer.concat([Buffer.from(uploadHead()), files(1)]))
  t.ok(await client.sees('\r\n\r\nhal'))
  backend.answer = () => plainAnswer('thanks')
  t.match(await upload(gateway), { status: 200 }, 'while an answer is still on its way')
  client.destroy()
  // One after the other, on as many connections.
  for (let turn = 0; turn < 50; turn++) {
    const answer = await ask(gateway.port, Buffer.concat([Buffer.from(uploadHead()), files(1)]))
    if (answer?.status !== 200) t.fail(`turn ${turn}: ${answer?.status}`)
  }
})

t.test('header fields', async (t) => {
  const { gateway } = await setUp(t, {
    tenants: { key: 'header:X-Tenant', rate: '2/h' },
    strict: { key: 'header:x-app', rate: '100/h', absent: 'refuse' },
  })
  const of = (tenant: string | null, app = 'a'): Promise<Told> =>
    get(gateway, '/', { 'x-app': app, ...(tenant !== null && { 'x-tenant': tenant }) })
  t.match(await of('one'), { status: 200, limit: /^"tenants";r=1;t=\d+, "strict";r=99/ })
  t.match(await of('one'), { status: 200 })
  t.match(
    await of('one'),
    { status: 429, ids: ['limit.rate'], limit: /"strict";r=98/ },
    'a refused request costs nothing elsewhere',
  )
  t.match(await of('two'), { status: 200 })
  t.match(await of(null), { status: 200, limit: /^"tenants";r=1/ }, 'without one: by address')
  t.match(await of('127.0.0.1'), { status: 200, limit: /^"tenants";r=1/ }, 'which nobody reaches by a name')
  t.match(await of(''), { status: 200, limit: /^"tenants";r=0/ }, 'an empty one is none')
  const missing = await get(gateway, '/', { 'x-tenant': 'three' })
  t.match(missing, {
    status: 400,
    ids: ['limit.key'],
    limit: null,
    challenge: null,
    problem: { retry: { useful: false } },
  })
  t.equal(missing.problem?.problems[0]?.failed, 'the header field x-app is missing, by which limit strict counts')
  t.notMatch(JSON.stringify(missing.problem), 'three')
})

t.test('hostile values of header fields', async (t) => {
  const { gateway } = await setUp(t, { tenants: { key: 'header:x-tenant', rate: '1/h' } })
  const once = async (value: string): Promise<(number | undefined)[]> => {
    const bytes = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\nX-Tenant: ${value}\r\n\r\n`, 'latin1')
    return [(await ask(gateway.port, bytes))?.status, (await ask(gateway.port, bytes))?.status]
  }
  const values = ['x'.repeat(15_000), '\u00ff\u0080', '__proto__', '"; DROP', '%00', 'a, b', '../../x', '"per";r=1']
  for (const value of values) t.same(await once(value), [200, 429], value.slice(0, 20))
  t.same(await once('x'.repeat(1_000_000)), [431, 431])
  t.same(await once('a\u0000b'), [400, 400])
  const twice = 'GET / HTTP/1.1\r\nHost: a\r\nX-Tenant: a\r\nX-Tenant: c\r\n\r\n'
  t.equal((await ask(gateway.port, twice))?.status, 200, 'two are another one')
  const text = JSON.stringify(audit(gateway)) + (await (await fetch(`${gateway.operationsUrl}/metrics`)).text())
  t.notMatch(text, 'DROP', 'no value is written down')
})

t.test('claims of tokens', async (t) => {
  const secret = 'a secret that both sides know, of many characters'
  const clients = { tokens: { keys: secret, issuer: 'https://id.example.com' } }
  const { gateway } = await setUp(
    t,
    {
      users: { key: 'claim:sub', rate: '2/h' },
      teams: { key: 'claim:team', rate: '100/h', absent: 'refuse' },
    },
    { clients },
  )
  const sign = (claims: Record<string, string>, key = secret): Promise<string> =>
    new SignJWT({ iss: 'https://id.example.com', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(key))
  const as = (token: string): Promise<Told> => get(gateway, '/', { authorization: `Bearer ${token}` })
  const ada = await sign({ sub: 'ada', team: 'red' })
  t.match(await as(ada), { status: 200, limit: /^"users";r=1;t=\d+, "teams";r=99/ })
  t.match(await as(ada), { status: 200 }, 'the same token')
  t.match(
    await as(await sign({ sub: 'ada', team: 'red', jti: '2' })),
    { status: 429, ids: ['limit.rate'] },
    'another one',
  )
  t.match(await as(await sign({ sub: 'eve', team: 'red' })), { status: 200, limit: /^"users";r=1;t=\d+, "teams";r=97/ })
  const nobody = await as(await sign({ sub: 'eve', team: 'red' }, `${secret}!`))
  t.match(nobody, {
    status: 401,
    ids: ['limit.token'],
    challenge: 'Bearer realm="sluice"',
    problem: { retry: { useful: false } },
  })
  t.match(await get(gateway), { status: 401, ids: ['limit.token'] }, 'no token')
  t.match(await as(await sign({ sub: 'ada' })), { status: 401, ids: ['limit.token'] }, 'no such claim')
  t.match(await as(await sign({ team: 'red' })), { status: 200, limit: /^"users";r=1/ }, 'no sub: by address')
  const huge = await sign({ sub: 'ada', team: 'red', filling: 'x'.repeat(7000) })
  t.match(await as(huge), { status: 401 })
})

t.test('a route as a whole', async (t) => {
  const { gateway } = await setUp(t, { all: { key: 'route', rate: '3/h' } })
  const from = (address: string, path = '/'): Promise<Told> => get(gateway, path, { 'x-forwarded-for': address })
  t.match(
    [await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.3')],
    [{ status: 200 }, { status: 200 }, { status: 200 }],
  )
  const refused = await from('192.0.2.4')
  t.match(refused, { status: 429, ids: ['limit.rate'] })
  t.equal(refused.problem?.problems[0]?.expected, 'at most 3 requests per hour from all clients of the route together')
  t.match(await upload(gateway), { status: 200 }, 'each route for itself')
})

t.test('modes', async (t) => {
  const { gateway } = await setUp(t, {
    trial: { key: 'client', rate: '1/h', mode: 'report' },
    none: { key: 'client', rate: '1/h', mode: 'off' },
    asked: { key: 'header:x-tenant', rate: '100/h', mode: 'report', absent: 'refuse' },
    places: { key: 'client', concurrent: 1, mode: 'report' },
  })
  for (let turn = 0; turn < 3; turn++) t.match(await get(gateway), { status: 200, policy: null, limit: null })
  const records = await recorded(gateway, 3)
  t.same(
    records.map(({ limits }) => limits.map(({ limit, decision }) => `${limit} ${decision}`)),
    [['asked reported'], ['asked reported', 'trial reported'], ['asked reported', 'trial reported']],
  )
  t.equal(await gauge(gateway, 'sluice_limit_decisions_total{limit="trial",decision="reported"}'), 2)
  t.equal(await gauge(gateway, 'sluice_limit_decisions_total{limit="trial",decision="allowed"}'), 1)
  t.equal(await gauge(gateway, 'sluice_limit_decisions_total{limit="none",decision="allowed"}'), undefined)
})

t.test('several limits are one step', async (t) => {
  const { gateway } = await setUp(t, {
    wide: { key: 'client', rate: '100/h' },
    narrow: { key: 'client', rate: '1/h' },
    bytes: { key: 'client', bytes: '200MiB/h' },
    'at-once': { key: 'client', concurrent: 5 },
  })
  const first = await upload(gateway)
  t.match(first, {
    status: 200,
    limit: /^"wide";r=99;t=36, "narrow";r=0;t=3600, "bytes";r=2097\d{5};t=1, "at-once";r=4$/,
  })
  t.equal(
    first.policy,
    '"wide";q=100;w=3600, "narrow";q=1;w=3600, "bytes";q=209715200;w=3600;qu="content-bytes", "at-once";q=5;qu="concurrent-requests"',
  )
  for (let turn = 0; turn < 3; turn++) {
    t.match(await upload(gateway), { status: 429, ids: ['limit.rate'], limit: /^"wide";r=99;.*"at-once";r=5$/ })
  }
})

t.test('answers of every kind carry the fields', async (t) => {
  const own = 'RateLimit: "backend";r=3;t=9\r\nRateLimit-Policy: "backend";q=5;w=9\r\n'
  const { gateway, backend } = await setUp(
    t,
    { few: { key: 'client', rate: '100/h' } },
    { answer: () => plainAnswer('ok', own) },
  )
  const fields = (answer: RawAnswer | null, name: string): string[] => valuesOf(answer?.fields ?? [], name)
  const combined = await ask(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  t.same(
    fields(combined, 'ratelimit-policy'),
    ['"backend";q=5;w=9', '"few";q=100;w=3600'],
    'beside those of the backend',
  )
  t.match(fields(combined, 'ratelimit'), ['"backend";r=3;t=9', /^"few";r=99/])
  const channel = await told(
    await fetch(`${gateway.url}/upload`, {
      method: 'POST',
      body: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  )
  t.match(channel, { status: 415, ids: ['route.channel'], limit: /r=98/ })
  const syntax = await upload(gateway, Buffer.from('nonsense'))
  t.match(syntax, { status: 400, limit: /r=97/ })
  backend.answer = (_, socket) => void socket.destroy()
  t.match(await get(gateway), { status: 502, limit: /r=96/ })
})

t.test('WebSockets are one request', async (t) => {
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  const answer: Answering = ({ target }) =>
    target === '/no'
      ? plainAnswer('no')
      : `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
  const { gateway } = await setUp(t, { few: { key: 'client', rate: '2/h' } }, { answer })
  const hello = (path: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`
  const switched = await ask(gateway.port, hello('/yes'))
  t.match(switched, { status: 101 })
  t.match(valuesOf(switched?.fields ?? [], 'ratelimit'), [/^"few";r=1/])
  const plain = await ask(gateway.port, hello('/no'))
  t.match(plain, { status: 200 })
  t.match(valuesOf(plain?.fields ?? [], 'ratelimit'), [/^"few";r=0/])
  const refused = await ask(gateway.port, hello('/yes'))
  t.match(refused, { status: 429 })
  t.match(valuesOf(refused?.fields ?? [], 'ratelimit-policy'), ['"few";q=2;w=3600'])
  t.match(refused?.body.toString(), /limit\.rate/)
})

t.test('requests that come at the same time share what is left', async (t) => {
  const { gateway } = await setUp(t, { few: { key: 'client', rate: '20/h' } })
  const answers = await Promise.all(Array.from({ length: 60 }, () => get(gateway)))
  t.equal(answers.filter(({ status }) => status === 200).length, 20)
  t.equal(answers.filter(({ status }) => status === 429).length, 40)
})
