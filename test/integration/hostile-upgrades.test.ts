import t from 'tap'
import { startGateway } from '../support/gateway.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openClient } from '../support/raw-client.ts'

const backend = await startBackend(() => plainAnswer('thanks'))
const gateway = await startGateway({ upstream: backend.url })
t.teardown(async () => {
  await gateway.close()
  await backend.close()
})

const handshake = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
const bodies: readonly (readonly [title: string, framing: string, body: string])[] = [
  ['chunked, without a chunk', 'Transfer-Encoding: chunked\r\n', ''],
  ['chunked, whole', 'Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\n\r\n'],
  ['of a length, missing', 'Content-Length: 1000\r\n', ''],
  ['of a length, whole', 'Content-Length: 3\r\n', 'abc'],
]

for (const [title, framing, body] of bodies) {
  for (const path of ['/page', '/upload']) {
    t.test(`an upgrade with a body (${title}) at ${path} is refused, and the gateway lives on`, async (t) => {
      const client = await openClient(gateway.port)
      client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n${handshake}${framing}\r\n${body}`)
      const answer = await client.answer()
      t.ok([400, 405].includes(answer?.status ?? 0), `${answer?.status}`)
      client.socket.destroy()
      t.equal((await fetch(`${gateway.url}/page`)).status, 200)
    })
  }
}

t.test('a client that only trickles is told so, however busy the gateway is', async (t) => {
  const paced = await startGateway({
    upstream: backend.url,
    admission: { body: { idle: '500ms', minimumRate: '1KiB/s' } },
  })
  t.teardown(paced.close)
  let over = false
  const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n'
  const length = 40_000_000
  const head = (size: number): string =>
    `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${size}\r\n\r\n${part}`
  const floods = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const client = await openClient(paced.port)
      client.write(head(length))
      const piece = Buffer.alloc(64 * 1024, 1)
      const send = (): void => {
        if (!over && !client.socket.destroyed) client.socket.write(piece, () => setImmediate(send))
      }
      send()
      return client
    }),
  )
  const slow = await openClient(paced.port)
  slow.write(head(100_000))
  const trickle = setInterval(() => slow.write('x'), 100)
  const answer = await slow.answer('POST')
  clearInterval(trickle)
  over = true
  for (const { socket } of [...floods, slow]) socket.destroy()
  t.match(JSON.parse(answer?.body.toString() ?? ''), { status: 408, problems: [{ id: 'body.too-slow' }] })
})

t.test('a relayed body of unknown length is limited while it comes', async (t) => {
  const limited = await startGateway({
    upstream: backend.url,
    configuration: {
      limits: { bytes: { key: 'client', bytes: '1MiB/h' } },
      routes: [
        { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'test' },
        { path: '/**', upstream: 'backend', limits: ['bytes'] },
      ],
    },
  })
  t.teardown(limited.close)
  const client = await openClient(limited.port)
  client.write('PUT /page HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
  const piece = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')])
  let sent = 0
  const send = (): void => {
    sent += piece.length
    if (sent < 64 * 1024 * 1024 && client.socket.writable) client.socket.write(piece, () => setTimeout(send, 1))
  }
  send()
  const answer = await client.answer('PUT')
  t.match(JSON.parse(answer?.body.toString() ?? ''), { status: 413, problems: [{ id: 'limit.capacity' }] })
  t.ok(sent < 32 * 1024 * 1024, `${sent} bytes were sent`)
  client.socket.destroy()
})
