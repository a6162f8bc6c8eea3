import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openClient, type RawClient } from '../support/raw-client.ts'
import { gauge, until } from '../support/scrape.ts'

type Options = Omit<Parameters<typeof startGateway>[0], 'upstream'>

async function setUp(t: Test, options: Options = {}) {
  const backend = await startBackend(() => plainAnswer('thanks'))
  const gateway = await startGateway({ upstream: backend.url, ...options })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  return { backend, gateway }
}

const content = 'x'.repeat(1000)
const part = `--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n`
const tail = '\r\n--b--\r\n'

/** The headers of an upload, with none of its body. */
function head(size = content.length, path = '/upload', fields = ''): string {
  const length = part.length + size + tail.length
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n${fields}Content-Length: ${length}\r\n\r\n`
}

const body = part + content + tail

interface Told {
  problems: { id: string; failed: string }[]
  retry: { safe: boolean; useful: boolean; after: number | null }
}

async function answered(client: RawClient): Promise<{ status: number; retryAfter: string | undefined; told: Told }> {
  const answer = await client.answer('POST')
  if (answer === null) throw new Error('the connection ended without an answer')
  const retryAfter = answer.fields.find(([name]) => name.toLowerCase() === 'retry-after')?.[1]
  return { status: answer.status, retryAfter, told: JSON.parse(answer.body.toString()) as Told }
}

/** An upload that has its permit and sends no body. */
async function occupy(t: Test, gateway: TestGateway, path = '/upload'): Promise<RawClient> {
  const before = await gauge(gateway, 'sluice_upload_slots')
  const client = await openClient(gateway.port)
  t.teardown(() => client.socket.destroy())
  client.write(head(content.length, path))
  await until(gateway, 'sluice_upload_slots', (before ?? 0) + 1)
  return client
}

const small = { admission: { uploads: { active: 2, queue: 2, queueTimeout: '60s' } } }

t.test('who waits in line has its body unread, no deadline for it, and its turn', async (t) => {
  const admission = { ...small.admission, body: { idle: '10s' } }
  const { backend, gateway } = await setUp(t, { admission })
  const [one, two] = [await occupy(t, gateway), await occupy(t, gateway)]
  const waiting = await openClient(gateway.port)
  waiting.write(head(content.length, '/upload', 'Expect: 100-continue\r\n'))
  await until(gateway, 'sluice_upload_queue_uploads', 1)
  t.notOk(waiting.received.includes('100'), 'not asked for its body yet')
  one.write(body)
  t.match(await one.answer('POST'), { status: 200 })
  t.ok(await waiting.sees('100 Continue'))
  waiting.write(body)
  t.match(await waiting.answer('POST'), { status: 200 })
  two.write(body)
  t.match(await two.answer('POST'), { status: 200 })
  t.equal(backend.seen.length, 3)
  await until(gateway, 'sluice_upload_slots', 0)
  t.equal(await gauge(gateway, 'sluice_upload_queue_wait_seconds_count'), 3)
})

t.test('past the line and past its end: 503 with a time to come again, and no byte of the body read', async (t) => {
  const { backend, gateway } = await setUp(t, {
    admission: { uploads: { active: 1, queue: 1, queueTimeout: '300ms' } },
  })
  const first = await occupy(t, gateway)
  const late = await openClient(gateway.port)
  late.write(head(50_000_000))
  await until(gateway, 'sluice_upload_queue_uploads', 1)
  const small = await openClient(gateway.port)
  small.write(head())
  for (const [client, words] of [
    [late, /places in line/],
    [small, /queueTimeout/],
  ] as const) {
    const { status, retryAfter, told } = await answered(client)
    t.equal(status, 503)
    t.match(told.problems, [{ id: 'admission.uploads', failed: words }])
    t.match(told.retry, { safe: true, useful: true })
    t.equal(Number(retryAfter), told.retry.after)
  }
  t.match(await (await fetch(`${gateway.url}/page`)).text(), 'thanks', 'other traffic has no line')
  first.write(body)
  t.match(await first.answer('POST'), { status: 200 })
  t.equal(backend.seen.length, 2)
})

t.test('an upstream whose places are taken does not take the slots of another', async (t) => {
  const other = await startBackend(() => plainAnswer('other'))
  t.teardown(() => other.close())
  const hung = createServer((socket: Socket) => socket.resume().on('error', () => {}))
  hung.listen(0, '127.0.0.1')
  await once(hung, 'listening')
  t.teardown(() => hung.close())
  const { gateway } = await setUp(t, {
    admission: { uploads: { active: 4, queue: 4, queueTimeout: '60s' } },
    configuration: {
      upstreams: {
        hung: { urls: [`http://127.0.0.1:${(hung.address() as AddressInfo).port}`], response: '60s' },
        well: { urls: [other.url] },
      },
      routes: [
        { path: '/upload', methods: ['POST'], upstream: 'hung', policy: 'test' },
        { path: '/other', methods: ['POST'], upstream: 'well', policy: 'test' },
        { path: '/**', upstream: 'well' },
      ],
    },
  })
  for (const _ of [1, 2, 3]) (await occupy(t, gateway)).write(body)
  t.equal(await gauge(gateway, 'sluice_upstream_uploads{upstream="hung"}'), 3, 'three quarters of four')
  const turnedAway = await openClient(gateway.port)
  turnedAway.write(head())
  t.match(await answered(turnedAway), { status: 503, told: { problems: [{ id: 'admission.upstream' }] } })
  const well = await openClient(gateway.port)
  well.write(head(content.length, '/other') + body)
  t.match(await well.answer('POST'), { status: 200, body: Buffer.from('other') })
})

t.test('a scanner that hangs holds up what needs it, and nothing else', async (t) => {
  const sockets: Socket[] = []
  const hung = createServer((socket: Socket) => void sockets.push(socket.resume().on('error', () => {})))
  hung.listen(0, '127.0.0.1')
  await once(hung, 'listening')
  t.teardown(() => {
    hung.close()
    for (const socket of sockets) socket.destroy()
  })
  const scanner = {
    type: 'http',
    url: `http://127.0.0.1:${(hung.address() as AddressInfo).port}/scan`,
    timeout: '60s',
    uploads: 2,
  }
  const common = { extends: 'anything', owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }
  const { gateway } = await setUp(t, {
    configuration: {
      scanners: { av: scanner },
      policies: { scanned: { ...common, files: { scanners: ['av'] } }, plain: common },
      routes: [
        { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'scanned' },
        { path: '/plain', methods: ['POST'], upstream: 'backend', policy: 'plain' },
        { path: '/**', upstream: 'backend' },
      ],
    },
  })
  for (const _ of [1, 2]) (await occupy(t, gateway)).write(body)
  t.equal(await gauge(gateway, 'sluice_scanner_uploads{scanner="av"}'), 2)
  const turnedAway = await openClient(gateway.port)
  turnedAway.write(head())
  t.match(await answered(turnedAway), { status: 503, told: { problems: [{ id: 'admission.scanner' }] } })
  const plain = await openClient(gateway.port)
  plain.write(head(content.length, '/plain') + body)
  t.match(await plain.answer('POST'), { status: 200 })
})

t.test('a scanner that is down is told before a large body is sent; what may have no file goes on', async (t) => {
  const common = { extends: 'anything', owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }
  const { gateway } = await setUp(t, {
    configuration: {
      scanners: { av: { type: 'clamd', address: '127.0.0.1:1', timeout: '1s' } },
      policies: { scanned: { ...common, files: { scanners: ['av'] } } },
      routes: [
        { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'scanned' },
        { path: '/**', upstream: 'backend' },
      ],
    },
  })
  const form = '--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nonly a field\r\n--b--\r\n'
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  const upload = (): Promise<Response> => fetch(`${gateway.url}/upload`, { method: 'POST', body, headers })
  while ((await gauge(gateway, 'sluice_scanner_circuit_open{scanner="av"}')) !== 1)
    t.equal((await upload()).status, 503)
  const large = await openClient(gateway.port)
  large.write(head(10_000_000))
  t.match(await answered(large), {
    status: 503,
    told: {
      problems: [{ id: 'admission.scanner', failed: /av does not answer/ }],
      retry: { safe: true, useful: true },
    },
  })
  t.equal((await fetch(`${gateway.url}/upload`, { method: 'POST', body: form, headers })).status, 200)
})

t.test('values of fields are counted against the memory, and given back', async (t) => {
  const { gateway } = await setUp(t, {
    hold: { memory: '1MiB' },
    policy: { fields: { size: '512KiB', total: '512KiB' } },
  })
  const field = (size: number): string => `--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n${'v'.repeat(size)}`
  const ending = '\r\n--b--\r\n'
  const held: RawClient[] = []
  for (const _ of [1, 2]) {
    const client = await openClient(gateway.port)
    const value = field(500_000)
    client.write(
      `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${value.length + ending.length}\r\n\r\n`,
    )
    client.write(value)
    held.push(client)
  }
  while (((await gauge(gateway, 'sluice_hold_memory_bytes')) ?? 0) < 999_900) await new Promise(setImmediate)
  const refused = await fetch(`${gateway.url}/upload`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: field(400_000) + ending,
  })
  t.match(await refused.json(), {
    status: 503,
    problems: [{ id: 'admission.memory' }],
    retry: { safe: true, useful: true },
  })
  for (const client of held) {
    client.write(ending)
    t.match(await client.answer('POST'), { status: 200 })
  }
  await until(gateway, 'sluice_hold_memory_bytes', 0)
})

t.test('a client that leaves the line takes nothing with it', async (t) => {
  const { gateway } = await setUp(t, small)
  const [one] = [await occupy(t, gateway), await occupy(t, gateway)]
  const gone = await openClient(gateway.port)
  gone.write(head(10))
  await until(gateway, 'sluice_upload_queue_uploads', 1)
  gone.socket.resetAndDestroy()
  await until(gateway, 'sluice_upload_queue_uploads', 0)
  one.write(body)
  t.match(await one.answer('POST'), { status: 200 })
  await until(gateway, 'sluice_upload_slots', 1)
})
