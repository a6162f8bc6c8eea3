/** The caps of connections, and clients that close one side of theirs. */
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type GatewayOptions, startGateway, type TestGateway } from '../support/gateway.ts'
import { valuesOf } from '../support/http-bytes.ts'
import { type LegacyBackend, plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { openClient, type RawAnswer, type RawClient } from '../support/raw-client.ts'
import { gauge, until } from '../support/scrape.ts'

const get = (target = '/a'): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`
const form = formBody('b', [{ name: 'f', filename: 'f.txt', content: 'some text' }]).toString('latin1')
const post = `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${form.length}\r\n\r\n`

async function setUp(
  t: Test,
  options: Partial<GatewayOptions> = {},
): Promise<{ gateway: TestGateway; backend: LegacyBackend }> {
  const backend = await startBackend()
  const gateway = await startGateway({ upstream: backend.url, ...options })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  return { gateway, backend }
}

/** A connection whose request the backend has and does not answer. */
async function busy({ port }: TestGateway, backend: LegacyBackend, target: string, from?: string): Promise<RawClient> {
  const client = await openClient(port, from)
  client.write(get(target))
  await backend.receives(target)
  return client
}

async function status(client: RawClient): Promise<number | undefined> {
  client.write(get())
  return (await client.answer())?.status
}

/** What the refused are told, whether they have sent anything or not. */
function assertTold(t: Test, answer: RawAnswer | null, expected: { status: number; id: string }): void {
  t.match(answer, { status: expected.status })
  t.same(valuesOf(answer?.fields ?? [], 'retry-after'), ['5'])
  const problem = JSON.parse(answer?.body.toString() ?? '{}')
  t.match(problem, { problems: [{ id: expected.id }], retry: { safe: true, useful: true, after: 5 } })
}

const perClient = { status: 429, id: 'admission.connections.client' }
const total = { status: 503, id: 'admission.connections' }

t.test('a client has so many connections and is told so, and others have theirs', async (t) => {
  const { gateway, backend } = await setUp(t, { admission: { connections: { perClient: 2 } } })
  backend.answer = ({ target }) => (target === '/a' ? plainAnswer('ok') : null)
  const held = [await busy(gateway, backend, '/held-1'), await busy(gateway, backend, '/held-2')]
  const silent = await openClient(gateway.port)
  assertTold(t, await silent.answer(), perClient)
  t.equal(await silent.closed(), 'end')
  const sending = await openClient(gateway.port)
  sending.write(get('/never').repeat(50))
  assertTold(t, await sending.answer(), perClient)
  t.equal(await sending.closed(), 'end', 'no reset')
  const other = await openClient(gateway.port, '127.0.0.2')
  t.equal(await status(other), 200)
  held[0]?.destroy()
  held[1]?.socket.resetAndDestroy()
  await until(gateway, 'sluice_connections_open', 1)
  const next = await openClient(gateway.port)
  t.equal(await status(next), 200)
  t.notOk(
    backend.seen.some(({ target }) => target === '/never'),
    'nothing of a refused connection is read as a request',
  )
  t.equal(await gauge(gateway, 'sluice_connections_refused_total{reason="client"}'), 2)
  t.equal(await gauge(gateway, 'sluice_connections_refused_total{reason="total"}'), 0)
  t.equal(await gauge(gateway, 'sluice_problems_total{id="admission.connections.client"}'), 2)
  for (const client of [next, other]) client.destroy()
  await until(gateway, 'sluice_connections_open', 0)
})

t.test('a trusted proxy speaks for many, and counts towards the total', async (t) => {
  const { gateway, backend } = await setUp(t, {
    admission: { connections: { total: 3, perClient: 1 } },
    configuration: { clients: { trustedProxies: ['127.0.0.1'] } },
  })
  backend.answer = () => null
  const held = [
    await busy(gateway, backend, '/1'),
    await busy(gateway, backend, '/2'),
    await busy(gateway, backend, '/3'),
  ]
  const refused = await openClient(gateway.port)
  assertTold(t, await refused.answer(), total)
  for (const client of held) client.destroy()
})

t.test('who is idle makes room before anybody is refused, the longest idle first', async (t) => {
  const { gateway, backend } = await setUp(t, { admission: { connections: { total: 4 } } })
  backend.answer = ({ target }) => (target === '/a' ? plainAnswer('ok') : null)
  t.equal(await gauge(gateway, 'sluice_connections_limit'), 4)
  const held = await busy(gateway, backend, '/held')
  const [oldest, begun, newest] = [
    await openClient(gateway.port),
    await openClient(gateway.port),
    await openClient(gateway.port),
  ]
  for (const client of [oldest, begun, newest]) t.equal(await status(client), 200)
  begun.write('GET /a HTTP/1.1\r\n')
  await delay(1100)
  const first = await openClient(gateway.port)
  t.equal(await status(first), 200)
  t.equal(await oldest.closed(), 'end')
  const second = await openClient(gateway.port)
  t.equal(await status(second), 200)
  t.equal(await newest.closed(), 'end')
  begun.write('Host: a\r\n\r\n')
  t.equal((await begun.answer())?.status, 200, 'a request that had begun to arrive was not lost')
  const refused = await openClient(gateway.port)
  assertTold(t, await refused.answer(), total)
  t.equal(await gauge(gateway, 'sluice_connections_reclaimed_total'), 2)
  t.equal(held.ended, null)
  for (const client of [held, begun, first, second]) client.destroy()
})

t.test('connections that never sent anything make room, too', async (t) => {
  const { gateway } = await setUp(t, { admission: { connections: { total: 2 } } })
  const silent = [await openClient(gateway.port), await openClient(gateway.port)]
  await until(gateway, 'sluice_connections_open', 2)
  await delay(1100)
  const client = await openClient(gateway.port)
  t.equal(await status(client), 200)
  t.equal(await silent[0]?.closed(), 'end')
  t.equal(silent[1]?.ended, null)
  for (const each of [client, ...silent]) each.destroy()
})

t.test('a flood of connects is answered within bounds and cut beyond them, and hurts nobody', async (t) => {
  const { gateway, backend } = await setUp(t, { admission: { connections: { perClient: 1 } } })
  backend.answer = ({ target }) => (target === '/held' ? null : plainAnswer('ok'))
  const held = await busy(gateway, backend, '/held')
  const count = 3000
  let answered = 0
  const sockets = Array.from({ length: count }, (): Socket => {
    const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true })
    return socket.on('error', () => undefined).once('data', () => answered++)
  })
  const other = await openClient(gateway.port, '127.0.0.2')
  for (let turn = 0; turn < 20; turn++) t.equal(await status(other), 200)
  await until(gateway, 'sluice_connections_refused_total{reason="client"}', count)
  await until(gateway, 'sluice_connections_open', 2)
  for (const socket of sockets) socket.destroy()
  t.ok(answered >= 256, `${answered} were told why`)
  const told = (await gauge(gateway, 'sluice_problems_total{id="admission.connections.client"}')) ?? 0
  t.ok(told < count / 2, `${told} answers were written`)
  held.destroy()
  other.destroy()
  await until(gateway, 'sluice_connections_open', 0)
})

/** Sends, closes its side, and reads to the end. */
async function sendAndClose(gateway: TestGateway, bytes: string): Promise<RawClient> {
  const client = await openClient(gateway.port)
  client.socket.allowHalfOpen = true
  client.socket.end(bytes, 'latin1')
  return client
}

const halfClosed: { title: string; bytes: string; statuses: number[] }[] = [
  { title: 'a request', bytes: get(), statuses: [200] },
  { title: 'several requests', bytes: get().repeat(5), statuses: [200, 200, 200, 200, 200] },
  { title: 'a whole upload', bytes: post + form, statuses: [200] },
  { title: 'an upload in the middle', bytes: post + form.slice(0, -5), statuses: [400] },
  { title: 'a header in the middle', bytes: get().slice(0, -4), statuses: [400] },
  { title: 'a request and half of another', bytes: get() + get().slice(0, -4), statuses: [200, 400] },
]

for (const { title, bytes, statuses } of halfClosed) {
  t.test(`a client that closes its side after ${title} is answered`, async (t) => {
    const { gateway, backend } = await setUp(t)
    backend.answer = async () => {
      await delay(100)
      return plainAnswer('ok')
    }
    const client = await sendAndClose(gateway, bytes)
    const answers: (number | undefined)[] = []
    for (const _ of statuses) answers.push((await client.answer())?.status)
    t.same(answers, statuses)
    t.equal(await client.closed(), 'end')
    t.equal(client.received.length, 0)
    await until(gateway, 'sluice_connections_open', 0)
  })
}

t.test('an upload goes on for as long as it takes when its client has closed its side', async (t) => {
  const { gateway, backend } = await setUp(t)
  backend.answer = async () => {
    await delay(6000)
    return plainAnswer('late')
  }
  const client = await sendAndClose(gateway, post + form)
  t.match(await client.answer(), { status: 200, body: Buffer.from('late') })
})

t.test('a client that has closed its side has left when its answer falls silent', async (t) => {
  const { gateway, backend } = await setUp(t)
  backend.answer = async (_, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n')
    for (let turn = 0; turn < 4; turn++) {
      await delay(2000)
      socket.write(`data: ${turn}\n\n`)
    }
    return null
  }
  const client = await sendAndClose(gateway, get('/events'))
  await client.closed()
  t.match(client.received.toString(), 'data: 3', 'not before it fell silent')
  await until(gateway, 'sluice_connections_open', 0)
  await backend.idle()
})
