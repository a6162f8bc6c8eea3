import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import t from 'tap'
import { valuesOf } from '../support/http-bytes.ts'
import { plainAnswer, type SeenRequest, startBackend } from '../support/legacy-backend.ts'
import { openClient, type RawClient } from '../support/raw-client.ts'
import { startRelay } from '../support/relay-gateway.ts'

const key = 'dGhlIHNhbXBsZSBub25jZQ=='

function hello(fields = '', target = '/chat', method = 'GET'): string {
  return `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n${fields}\r\n`
}

function switching(request: SeenRequest, fields = ''): string {
  const [sent = ''] = valuesOf(request.fields, 'sec-websocket-key')
  const accept = createHash('sha1').update(`${sent}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${fields}\r\n`
}

/** After the switch, bytes are bytes: this backend returns them in capitals. */
function shout(request: SeenRequest, socket: Socket): null {
  socket.removeAllListeners('data')
  socket.on('data', (chunk) => socket.write(chunk.toString('latin1').toUpperCase()))
  socket.on('end', () => socket.end())
  socket.write(switching(request, 'X-Case: kept\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: timeout=5\r\n'))
  return null
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

async function opened(port: number, request = hello()): Promise<RawClient> {
  const client = await openClient(port)
  client.write(request)
  return client
}

t.test('a WebSocket passes, both ways and with early frames', async (t) => {
  const backend = await startBackend(shout)
  const gateway = await startRelay([backend.url])
  const client = await opened(
    gateway.port,
    `${hello('X-Forwarded-For: 6.6.6.6\r\nX-A: 1\r\nx-a: 2\r\nCookie: c\r\nProxy-Authorization: x\r\nKeep-Alive: 5\r\n', '//chat/../x?a=//b')}early `,
  )
  const answer = await client.answer()
  t.equal(answer?.status, 101)
  t.same(answer?.fields, [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='],
    ['X-Case', 'kept'],
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
  ])
  t.ok(await client.sees('EARLY '))
  client.write('later ')
  t.ok(await client.sees('EARLY LATER '))
  const big = 'x'.repeat(300_000)
  client.write(big)
  t.ok(await client.sees('X'.repeat(300_000)))
  const [seen] = backend.seen
  t.equal(seen?.line, 'GET //chat/../x?a=//b HTTP/1.1')
  t.same(
    seen?.fields.map(([name, value]) => `${name}: ${value}`).toSorted(),
    [
      'connection: Upgrade',
      'upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      'X-A: 1',
      'X-A: 2',
      'Cookie: c',
      'Host: a',
      'Via: 1.1 sluice',
      'X-Request-Id: request-1',
      'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: a',
      'Forwarded: for=127.0.0.1;host="a";proto=http',
    ].toSorted(),
  )
  client.socket.end()
  t.equal(await client.closed(), 'end')
  await until(() => backend.open.size === 0 && gateway.open.size === 0)
  await until(() => gateway.sent.length === 1)
  t.match(gateway.sent, [{ kind: 'answered', status: 101 }])
  await gateway.close()
  await backend.close()
})

t.test('either side’s death ends the other', async (t) => {
  for (const how of ['end', 'resetAndDestroy', 'destroy'] as const) {
    for (const side of ['backend', 'client']) {
      const backend = await startBackend(shout)
      const gateway = await startRelay([backend.url])
      const client = await opened(gateway.port)
      t.equal((await client.answer())?.status, 101)
      if (side === 'client') client.socket[how]()
      else for (const socket of backend.open) socket[how]()
      await client.closed()
      client.socket.end()
      await until(() => backend.open.size === 0 && gateway.open.size === 0)
      await until(() => gateway.sent.length === 1)
      t.match(gateway.sent, [{ kind: 'answered', status: 101 }], `${side} ${how}`)
      await gateway.close()
      await backend.close()
    }
  }
})

const refusals: Record<string, string> = {
  length: 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 6\r\n\r\nsecret',
  chunked: 'HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nsecret\r\n0\r\n\r\n',
  'a status of its own':
    'HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 6\r\n\r\nsecret',
  'plain 200': plainAnswer('secret'),
}

t.test('a refused handshake is relayed, and what follows it reaches nobody', async (t) => {
  for (const [name, bytes] of Object.entries(refusals)) {
    const backend = await startBackend(() => bytes)
    const gateway = await startRelay([backend.url])
    const client = await opened(gateway.port, `${hello()}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`)
    const answer = await client.answer()
    t.equal(answer?.status, Number(bytes.split(' ')[1]), name)
    t.equal(answer?.body.toString(), 'secret', name)
    t.same(valuesOf(answer?.fields ?? [], 'connection'), ['close'])
    client.write('GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n')
    t.equal(await client.closed(), 'end', 'the connection is closed')
    t.equal(await client.answer(), null)
    client.socket.end()
    await until(() => gateway.sent.length === 1 && backend.open.size === 0)
    t.match(gateway.sent, [{ kind: 'answered', status: answer?.status }])
    t.equal(backend.seen.length, 1)
    t.notOk(backend.raw.some((raw) => raw.includes('smuggled')))
    await gateway.close()
    await backend.close()
  }
})

const impostors: Record<string, (request: SeenRequest) => string> = {
  'another protocol': (request) => switching(request).replace('Upgrade: websocket', 'Upgrade: h2c'),
  'a made-up accept': (request) => switching(request).replace(/Accept: .*/, 'Accept: xxxx'),
}

t.test('a switch that is no answer to the handshake opens no tunnel', async (t) => {
  for (const [name, answer] of Object.entries(impostors)) {
    const backend = await startBackend(answer)
    const gateway = await startRelay([backend.url])
    const client = await opened(gateway.port)
    t.equal(await client.answer(), null, name)
    await until(() => gateway.sent.length === 1 && backend.open.size === 0)
    t.match(gateway.sent, [{ kind: 'broken', by: 'upstream' }])
    await gateway.close()
    await backend.close()
  }
})

const unfit: Record<string, string> = {
  'a body with a length': `${hello('Content-Length: 5\r\n')}hello`,
  'a chunked body': `${hello('Transfer-Encoding: chunked\r\n')}0\r\n\r\n`,
  h2c: hello().replace('Upgrade: websocket', 'Upgrade: h2c'),
  'two protocols': hello().replace('Upgrade: websocket', 'Upgrade: websocket, h2c'),
  'another method': hello('', '/chat', 'OPTIONS'),
  'no key': hello().replace(/Sec-WebSocket-Key: .*\r\n/, ''),
  'a short key': hello().replace(key, 'abcd'),
}

t.test('what is no WebSocket handshake is refused before any backend hears of it', async (t) => {
  const backend = await startBackend(shout)
  const gateway = await startRelay([backend.url])
  for (const [name, request] of Object.entries(unfit)) {
    const client = await opened(gateway.port, request)
    await client.closed()
    t.match(client.received.toString(), /^HTTP\/1.1 400 [^]*framing.upgrade untouched$/, name)
    client.destroy()
  }
  t.equal(backend.raw.length, 0)
  await gateway.close()
  await backend.close()
})

t.test('backends that are not there, silent, or dying', async (t) => {
  const cases = [
    { how: null, expected: /502 [^]*upstream.unreachable untouched$/ },
    { how: 'silence', expected: /504 [^]*upstream.timeout unknown$/ },
    { how: 'end', expected: /502 [^]*upstream.reset unknown$/ },
    { how: 'resetAndDestroy', expected: /502 [^]*upstream.reset unknown$/ },
    { how: 'nonsense', expected: /502 [^]*upstream.invalid unknown$/ },
    { how: 'unwritable', expected: /502 [^]*upstream.invalid unknown$/ },
  ] as const
  for (const { how, expected } of cases) {
    const backend = await startBackend((_request, socket) => {
      if (how === 'nonsense') return 'SSH-2.0\r\n\r\n'
      if (how === 'unwritable') return 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'
      if (how !== 'silence' && how !== null) socket[how]()
      return null
    })
    const gateway = await startRelay([how === null ? 'http://127.0.0.1:1' : backend.url], { response: 100 })
    const client = await opened(gateway.port)
    await client.closed()
    t.match(client.received.toString(), expected, String(how))
    client.destroy()
    await until(() => backend.open.size === 0)
    await gateway.close()
    await backend.close()
  }
})

t.test('the next backend is tried where one is not there', async (t) => {
  const backend = await startBackend(shout)
  const gateway = await startRelay(['http://127.0.0.1:1', backend.url])
  for (let round = 0; round < 3; round++) {
    const client = await opened(gateway.port, `${hello()}first `)
    t.equal((await client.answer())?.status, 101)
    t.ok(await client.sees('FIRST '))
    client.destroy()
  }
  await gateway.close()
  await backend.close()
})

t.test('a client that leaves, and a gateway that stops', async (t) => {
  const backend = await startBackend(() => null)
  const gateway = await startRelay([backend.url])
  const client = await opened(gateway.port)
  await backend.receives('/chat')
  client.socket.resetAndDestroy()
  await until(() => backend.open.size === 0)
  await until(() => gateway.sent.length === 1)
  t.match(gateway.sent, [{ kind: 'broken', by: 'client', status: null }])

  backend.answer = shout
  const controller = new AbortController()
  gateway.signal = controller.signal
  const second = await opened(gateway.port)
  t.equal((await second.answer())?.status, 101)
  controller.abort()
  await second.closed()
  await until(() => backend.open.size === 0 && gateway.sent.length === 2)
  t.match(gateway.sent[1], { kind: 'answered', status: 101 })
  const third = await opened(gateway.port)
  await until(() => gateway.sent.length === 3)
  t.match(gateway.sent[2], { kind: 'broken', by: 'client', status: null, backend: 'untouched' })
  third.destroy()
  await gateway.close()
  await backend.close()
})

t.test('tunnels are load, and a handshake tells of its server like any request', async (t) => {
  const [one, two] = [await startBackend(shout), await startBackend(shout)]
  const away = 'http://127.0.0.1:1'
  const gateway = await startRelay([away, one.url, two.url])
  const clients: RawClient[] = []
  for (let time = 0; time < 6; time++) {
    const client = await opened(gateway.port)
    t.equal((await client.answer())?.status, 101)
    clients.push(client)
  }
  const { endpoints } = gateway.upstream
  t.same(
    endpoints.map(({ inFlight }) => inFlight),
    [0, 3, 3],
  )
  t.same(
    endpoints.map(({ isUp }) => isUp),
    [false, true, true],
  )
  for (const client of clients) client.destroy()
  await until(() => endpoints.every(({ inFlight }) => inFlight === 0))
  await gateway.close()
  await one.close()
  await two.close()
})
