import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createHttpServer, type Exchange } from '../../src/path/1-connection/server.ts'
import { startGateway } from '../support/gateway.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { ask, openClient, type RawAnswer } from '../support/raw-client.ts'
import { until } from '../support/scrape.ts'

const backend = await startBackend()
const gateway = await startGateway({ upstream: backend.url })
t.beforeEach(() => {
  backend.seen.length = 0
  backend.answer = ({ target }) => plainAnswer(target)
})
t.teardown(async () => {
  await gateway.close()
  await backend.close()
})

const form = formBody('XX', [{ name: 'a', filename: 'b.txt', content: 'text' }]).toString('latin1')
const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`
const post = (target: string, framing: string, body: string): string =>
  `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=XX\r\n${framing}\r\n\r\n${body}`
const whole = (target: string): string => post(target, `Content-Length: ${form.length}`, form)
const websocket =
  'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
const refused = get('/upload%2f')

/** Requests sent at once on one connection, the statuses of the answers in their order, and what the backend saw. */
const pipelines: { title: string; bytes: string; statuses: number[]; seen: string[] }[] = [
  {
    title: 'an upgrade after a refusal that closes',
    bytes: `GET /a HTTP/1.1\r\n\r\n${websocket}`,
    statuses: [400],
    seen: [],
  },
  { title: 'an upgrade after a refusal', bytes: `${refused}${websocket}`, statuses: [400, 200], seen: ['/ws'] },
  { title: 'an upgrade after a request', bytes: `${get('/a')}${websocket}`, statuses: [200, 200], seen: ['/a', '/ws'] },
  {
    title: 'a refusal that closes after refusals that do not',
    bytes: `${refused}${refused}${whole('/elsewhere')}`,
    statuses: [400, 400, 415],
    seen: [],
  },
  {
    title: 'garbage after refusals',
    bytes: `${refused}${refused}garbage\r\n\r\n`,
    statuses: [400, 400, 400],
    seen: [],
  },
  { title: 'garbage after a request', bytes: `${get('/a')}garbage\r\n\r\n`, statuses: [200, 400], seen: ['/a'] },
  {
    title: 'garbage after a whole upload',
    bytes: `${whole('/upload')}garbage\r\n\r\n`,
    statuses: [200, 400],
    seen: ['/upload'],
  },
  {
    title: 'garbage after a whole relayed body',
    bytes: 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nokgarbage\r\n\r\n',
    statuses: [200, 400],
    seen: ['/a'],
  },
  {
    title: 'garbage in an upload that waits for its turn',
    bytes: `${get('/a')}${post('/upload', 'Transfer-Encoding: chunked', 'zz\r\n')}`,
    statuses: [200, 400],
    seen: ['/a'],
  },
]

for (const { title, bytes, statuses, seen } of pipelines) {
  t.test(`${title}: each request is answered in its turn`, async (t) => {
    // Late enough for all bytes to have been parsed.
    backend.answer = async ({ target }) => {
      for (let turn = 0; turn < 20; turn++) await turnOfTheLoop()
      return plainAnswer(target)
    }
    const client = await openClient(gateway.port)
    client.write(bytes)
    const answers: (number | undefined)[] = []
    for (const _ of statuses) answers.push((await client.answer())?.status)
    t.same(answers, statuses)
    client.socket.end()
    await client.closed()
    t.equal(client.received.length, 0, 'nothing else was answered')
    t.same(
      backend.seen.map(({ target }) => target),
      seen,
    )
  })
}

t.test('requests in waiting are dropped when the connection breaks', async (t) => {
  backend.answer = () => null
  const client = await openClient(gateway.port)
  client.write(`${get('/slow')}${whole('/upload')}${get('/after')}`)
  await backend.receives('/slow')
  client.socket.resetAndDestroy()
  await until(gateway, 'sluice_connections_open', 0)
  backend.answer = () => plainAnswer('ok')
  t.equal((await ask(gateway.port, get('/next')))?.status, 200)
  t.same(
    backend.seen.map(({ target }) => target),
    ['/slow', '/next'],
  )
  await until(gateway, 'sluice_uploads_in_flight', 0)
  await until(gateway, 'sluice_hold_memory_bytes', 0)
})

for (const request of [get('/a'), whole('/upload')]) {
  t.test(`an unwritable reason phrase of the backend is a problem of ${request.slice(0, 8)}`, async (t) => {
    backend.answer = () => Buffer.from('HTTP/1.1 204 \xc3\xa9\x01\r\n\r\n', 'latin1')
    const answer = await ask(gateway.port, request)
    t.match(answer, { status: 502, line: 'HTTP/1.1 502 Bad Gateway' })
    t.match(JSON.parse(String(answer?.body)), { problems: [{ id: 'upstream.invalid' }], retry: { safe: false } })
  })
}

t.test('a flood of early hints does not reach the client', async (t) => {
  backend.answer = () => `${'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'.repeat(1000)}${plainAnswer('ok')}`
  const interim: RawAnswer[] = []
  t.equal((await ask(gateway.port, get('/a'), interim))?.status, 200)
  t.equal(interim.length, 16)
})

/** A server with nothing behind its connections but `exchange`. */
async function serve(t: Test, exchange: (exchange: Exchange) => Promise<void>): Promise<[Server, Socket]> {
  const server = createHttpServer({ headers: 5000 }, { exchange, upgrade: async () => {}, malformed: () => {} })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  t.teardown(() => {
    client.destroy()
    server.closeAllConnections()
    server.close()
  })
  return [server, client.resume()]
}

t.test('pipelined requests are all answered, and few of them are in memory', async (t) => {
  const count = 5000
  const gate = Promise.withResolvers<void>()
  const all = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  let parsed = 0
  let served = 0
  let most = 0
  const [server, client] = await serve(t, async ({ response }) => {
    begun.resolve()
    await gate.promise
    response.end()
    if (++served === count) all.resolve()
  })
  server.prependListener('request', () => {
    most = Math.max(most, ++parsed - served)
  })
  client.write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(170)}\r\n\r\n`.repeat(count))
  await begun.promise
  for (let turn = 0; turn < 500; turn++) await turnOfTheLoop()
  gate.resolve()
  await all.promise
  t.ok(most < 512, `${most} at most`)
})

t.test('a connection full of tiny requests is cut', async (t) => {
  const begun = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  let parsed = 0
  let served = 0
  const [server, client] = await serve(t, async () => {
    served++
    begun.resolve()
    await over.promise
  })
  server.on('request', () => parsed++)
  client.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20_000))
  await begun.promise
  if (!client.closed) await new Promise((resolve) => client.once('close', resolve))
  over.resolve()
  await turnOfTheLoop()
  t.equal(served, 1)
  t.ok(parsed < 4000, `${parsed} were parsed`)
})

t.test('a body in chunks of one byte is not as many buffers', async (t) => {
  const count = 5000
  const pieces: Buffer[] = []
  const read = Promise.withResolvers<void>()
  const [, client] = await serve(t, async ({ message }) => {
    message.on('data', (chunk: Buffer) => pieces.push(chunk)).on('end', read.resolve)
    await read.promise
  })
  const content = Array.from({ length: count }, (_, index) => String(index % 10))
  const large = 'x'.repeat(3000)
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`)
  client.write(`${content.map((byte) => `1\r\n${byte}\r\n`).join('')}bb8\r\n${large}\r\n1\r\n!\r\n0\r\n\r\n`)
  await read.promise
  t.equal(Buffer.concat(pieces).toString(), `${content.join('')}${large}!`)
  t.ok(pieces.length < 50, `${pieces.length} pieces`)
})
