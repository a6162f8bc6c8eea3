import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { valuesOf } from '../support/http-bytes.ts'
import { plainAnswer, type SeenRequest, startBackend } from '../support/legacy-backend.ts'
import { ask, openClient, type RawAnswer } from '../support/raw-client.ts'
import { startRelay } from '../support/relay-gateway.ts'

const backend = await startBackend()
const gateway = await startRelay([backend.url])
t.teardown(async () => {
  await gateway.close()
  await backend.close()
})

/** What a gateway may change: the connection's own fields, and the fields that it sets. */
const connectionFields = new Set(['connection', 'keep-alive', 'transfer-encoding', 'trailer'])
const ownFields = new Set([
  'via',
  'x-request-id',
  'traceparent',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'forwarded',
])

function comparableAnswer(answer: RawAnswer | null): unknown {
  if (!answer) return null
  const { line, fields, body } = answer
  return { line, fields: fields.filter(([name]) => !connectionFields.has(name.toLowerCase())), body: digest(body) }
}

/**
 * Host and Content-Length are written by undici in a place and case of its own, and a length of 0 by the method (RFC
 * 9110 8.6); everything else keeps place and case.
 */
function comparableRequest({ method, target, fields, body }: SeenRequest): unknown {
  const placed = new Set(['host', 'content-length'])
  const kept = fields.filter(
    ([name]) => !connectionFields.has(name.toLowerCase()) && !ownFields.has(name.toLowerCase()),
  )
  return {
    method,
    target,
    fields: kept.filter(([name]) => !placed.has(name.toLowerCase())),
    placed: kept
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name, value]) => placed.has(name) && !(name === 'content-length' && value === '0')),
    body: digest(body),
  }
}

function digest(body: Buffer): string {
  return `${body.length} ${createHash('sha256').update(body).digest('hex')}`
}

function chunked(...chunks: (string | Buffer)[]): Buffer {
  const framed = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    bytesOf(chunk),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...framed, Buffer.from('0\r\n\r\n')])
}

function bytesOf(text: string | Buffer): Buffer {
  return typeof text === 'string' ? Buffer.from(text, 'latin1') : text
}

function join(...parts: (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map(bytesOf))
}

const mebibyte = randomBytes(1024 * 1024)
const gzipped = gzipSync('hello '.repeat(1000))

const requests: Record<string, string | Buffer> = {
  GET: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'empty path segments': 'GET //x HTTP/1.1\r\nHost: a\r\n\r\n',
  'dot segments': 'GET /a/../b/./c HTTP/1.1\r\nHost: a\r\n\r\n',
  'encoded slash, upper and lower case': 'GET /a%2Fb%2fc%00 HTTP/1.1\r\nHost: a\r\n\r\n',
  'odd but legal target': "GET /;v=1/~!$&'()*+,=:@?a=b?c=/d&&e=%zz#f HTTP/1.1\r\nHost: a\r\n\r\n",
  'empty query': 'GET /x? HTTP/1.1\r\nHost: a\r\n\r\n',
  'brackets and quotes in the query': 'GET /x?a[]=1&b={"c":"|^`"} HTTP/1.1\r\nHost: a\r\n\r\n',
  'host in capitals with a port': 'GET / HTTP/1.1\r\nHost: EXAMPLE.org:8080\r\n\r\n',
  'case, order and repeats of fields':
    'GET / HTTP/1.1\r\nHost: a\r\nx-LOWER: 1\r\nAccept: a\r\nX-Multi: one\r\nCookie: a=1\r\nX-Multi: two\r\naccept: b\r\nX-Empty:\r\n\r\n',
  'latin1 and UTF-8 bytes in a field': 'GET / HTTP/1.1\r\nHost: a\r\nX-Name: caf\xe9 \xc3\xa9\r\n\r\n',
  'custom method': 'PROPFIND /dav HTTP/1.1\r\nHost: a\r\nDepth: 1\r\n\r\n',
  HEAD: 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n',
  'range and conditions': 'GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-9\r\nIf-None-Match: "x"\r\n\r\n',
  'OPTIONS without a body': 'OPTIONS /x HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\n\r\n',
  'POST with a length':
    'POST /p HTTP/1.1\r\nHost: a\r\nContent-Type: Text/Plain;  charset=x\r\nContent-Length: 5\r\n\r\nhello',
  'POST with length 0': 'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
  'GET with a body': 'GET /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'DELETE with a length': 'DELETE /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'POST chunked': join('POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', chunked('hello ', 'world')),
  'PATCH chunked': join('PATCH /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', chunked('x')),
  'DELETE chunked': join('DELETE /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', chunked('x')),
  'OPTIONS chunked': join('OPTIONS /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', chunked('x')),
  'compressed body': join(
    `PUT /p HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: ${gzipped.length}\r\n\r\n`,
    gzipped,
  ),
  'a mebibyte': join('PUT /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n', mebibyte),
  'a mebibyte, chunked': join(
    'PUT /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
    chunked(mebibyte.subarray(0, 300_000), mebibyte.subarray(300_000)),
  ),
}

t.test('requests arrive as they were sent', async (t) => {
  for (const [name, request] of Object.entries(requests)) {
    backend.seen.length = 0
    await ask(backend.port, request)
    const answer = await ask(gateway.port, request)
    t.equal(backend.seen.length, 2, `${name}: one request each`)
    const [direct, through] = backend.seen
    if (direct && through) t.same(comparableRequest(through), comparableRequest(direct), name)
    t.equal(answer?.status, 200, `${name}: answered`)
  }
})

const answers: Record<string, string | Buffer> = {
  plain: plainAnswer('ok', 'Content-Type: text/plain\r\n'),
  'three cookies': plainAnswer(
    'ok',
    'Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nset-cookie: a=3; Expires=Thu, 01 Jan 2026\r\n',
  ),
  'repeats, order and case': plainAnswer('ok', 'X-B: 1\r\nx-a: 2\r\nX-B: 3\r\nVary: a\r\nvary: b\r\nX-Empty:\r\n'),
  'latin1 and UTF-8 bytes in a field': plainAnswer(
    'ok',
    'Content-Disposition: attachment; filename="caf\xe9 \xc3\xa9"\r\n',
  ),
  'fields of its own date and server': plainAnswer('ok', 'Date: Thu, 01 Jan 1998 00:00:00 GMT\r\nServer: IIS/4.0\r\n'),
  'weird reason': 'HTTP/1.1 299 It is, well: "fine" <b>\r\nContent-Length: 2\r\n\r\nok',
  'UTF-8 reason': 'HTTP/1.1 200 Pas pr\xc3\xaat\r\nContent-Length: 2\r\n\r\nok',
  'no reason': 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok',
  'unknown status': 'HTTP/1.1 799 Odd\r\nContent-Length: 2\r\n\r\nok',
  'redirect with relative location': 'HTTP/1.1 302 Found\r\nLocation: ../x?y\r\nContent-Length: 0\r\n\r\n',
  '204': 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n',
  '304 with the length of the representation': 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 1234\r\n\r\n',
  '206': 'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/9\r\nContent-Length: 2\r\n\r\nok',
  '401 with challenge': 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 2\r\n\r\nno',
  '500 with a page': 'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno',
  '503 with Retry-After': 'HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nno',
  chunked: join('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', chunked('hello ', 'world')),
  'chunked with trailers':
    'HTTP/1.1 200 OK\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n',
  'gzip untouched': join(
    `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${gzipped.length}\r\n\r\n`,
    gzipped,
  ),
  'a mebibyte': join('HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n', mebibyte),
  'a mebibyte, chunked': join('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', chunked(mebibyte)),
  'thirty kibibytes of cookies': plainAnswer('ok', `Set-Cookie: ${'x'.repeat(10_000)}\r\n`.repeat(3)),
}

t.test('answers arrive as they were sent', async (t) => {
  for (const [name, bytes] of Object.entries(answers)) {
    backend.answer = () => bytes
    const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
    const direct = await ask(backend.port, request)
    const through = await ask(gateway.port, request)
    t.ok(direct, `${name}: readable`)
    t.same(comparableAnswer(through), comparableAnswer(direct), name)
  }
})

t.test('answers that the connection ends', async (t) => {
  backend.answer = (_request, socket) => {
    socket.end('HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nuntil the end')
    return null
  }
  const one = await ask(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  t.match(one, { status: 200, framing: 'chunked' })
  t.equal(one?.body.toString(), 'until the end')
  backend.answer = (_request, socket) => {
    socket.end('HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nfrom 1.0')
    return null
  }
  t.equal((await ask(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'))?.body.toString(), 'from 1.0')
})

t.test('HEAD keeps the fields of the GET', async (t) => {
  for (const bytes of ['Content-Length: 1234\r\n', 'Transfer-Encoding: chunked\r\n', '']) {
    backend.answer = () => `HTTP/1.1 200 OK\r\n${bytes}ETag: "x"\r\n\r\n`
    const client = await openClient(gateway.port)
    client.write('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n')
    const head = await client.answer('HEAD')
    t.equal(head?.status, 200)
    t.same(valuesOf(head?.fields ?? [], 'content-length'), bytes.startsWith('Content') ? ['1234'] : [])
    backend.answer = () => plainAnswer('next')
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    t.equal((await client.answer())?.body.toString(), 'next', 'the connection is still in step')
    client.destroy()
  }
})

t.test('a 204 that announces content is relayed without it', async (t) => {
  backend.answer = () => 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello'
  const client = await openClient(gateway.port)
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const first = await client.answer()
  t.equal(first?.status, 204)
  t.same(valuesOf(first?.fields ?? [], 'content-length'), [])
  backend.answer = () => plainAnswer('next')
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  t.equal((await client.answer())?.body.toString(), 'next')
  client.destroy()
})

t.test('HTTP/1.0 clients get no chunks and no interim answers', async (t) => {
  backend.answer = () =>
    join(
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      chunked('a', 'b'),
    )
  const interim: RawAnswer[] = []
  const answer = await ask(gateway.port, 'GET / HTTP/1.0\r\n\r\n', interim)
  t.match(answer, { status: 200, framing: 'close' })
  t.equal(answer?.body.toString(), 'ab')
  t.same(interim, [])
  backend.answer = () => plainAnswer('kept')
  const client = await openClient(gateway.port)
  for (let round = 0; round < 2; round++) {
    client.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    t.equal((await client.answer())?.body.toString(), 'kept')
  }
  client.destroy()
})

t.test('interim answers', async (t) => {
  backend.answer = () =>
    `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Hint: 1\r\n\r\n${plainAnswer('ok')}`
  const interim: RawAnswer[] = []
  const answer = await ask(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', interim)
  t.equal(answer?.body.toString(), 'ok')
  t.match(interim, [
    {
      status: 103,
      fields: [
        ['Link', '</a.css>; rel=preload'],
        ['X-Hint', '1'],
      ],
    },
  ])
  backend.answer = () => `HTTP/1.1 102 Processing\r\n\r\n${plainAnswer('later')}`
  t.equal((await ask(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'))?.body.toString(), 'later')
})

t.test('Expect: 100-continue is answered when the backend takes the body', async (t) => {
  backend.answer = () => plainAnswer('ok')
  backend.seen.length = 0
  const client = await openClient(gateway.port)
  client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n')
  t.ok(await client.sees('100 Continue\r\n\r\n'))
  client.write('hello')
  const interim: RawAnswer[] = []
  t.equal((await client.answer('POST', interim))?.status, 200)
  t.match(interim, [{ status: 100 }])
  t.same(valuesOf(backend.seen[0]?.fields ?? [], 'expect'), [])
  client.destroy()
  const nobody = await startRelay(['http://127.0.0.1:1'])
  const refused: RawAnswer[] = []
  const request = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n'
  t.equal((await ask(nobody.port, request, refused))?.status, 502, 'the final status, and the body is not asked for')
  t.same(refused, [])
  await nobody.close()
})

t.test('an event stream arrives piece by piece', async (t) => {
  const sockets: { write(text: string): void; end(): void }[] = []
  backend.answer = (_request, socket) => {
    sockets.push(socket)
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
    return null
  }
  const client = await openClient(gateway.port)
  client.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
  t.ok(await client.sees('text/event-stream'), 'the head comes before any event')
  for (const event of ['data: 1', 'data: 2', 'data: 3']) {
    sockets[0]?.write(`${(event.length + 2).toString(16)}\r\n${event}\n\n\r\n`)
    t.ok(await client.sees(event), `${event} before the next one is sent`)
  }
  sockets[0]?.write('0\r\n\r\n')
  t.equal((await client.answer())?.body.toString(), 'data: 1\n\ndata: 2\n\ndata: 3\n\n')
  client.destroy()
})

t.test('a request body streams, and an answer may come before its end', async (t) => {
  backend.answer = () => plainAnswer('ok')
  const client = await openClient(gateway.port)
  client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nfirst piece\r\n')
  await backend.receives('first piece')
  t.pass('the first chunk is at the backend while the body is open')
  client.write('0\r\nX-Trailer: 1\r\n\r\n')
  t.equal((await client.answer('POST'))?.status, 200)
  t.notOk(backend.raw.at(-1)?.includes('X-Trailer'), 'trailers are dropped')
  client.destroy()

  backend.early = (_head, socket) => {
    socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig')
    return true
  }
  const eager = await openClient(gateway.port)
  eager.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${64 * 1024 * 1024}\r\n\r\n`)
  const piece = Buffer.alloc(1024 * 1024)
  for (let sent = 0; sent < 64; sent++) {
    if (!eager.socket.write(piece)) await new Promise((resolve) => eager.socket.once('drain', resolve))
  }
  const early = await eager.answer('POST')
  t.equal(early?.status, 413, 'read by a client that first sends all of its body')
  t.equal(early?.body.toString(), 'big')
  backend.early = null
  eager.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  t.equal((await eager.answer())?.body.toString(), 'ok', 'the connection is still in step')
  eager.destroy()
})

t.test('nothing of the connection or of a spoofed identity reaches the backend', async (t) => {
  backend.answer = () => plainAnswer('ok')
  backend.seen.length = 0
  await ask(
    gateway.port,
    [
      'GET / HTTP/1.1',
      'Host: a',
      'Connection: close, X-Nominated, Host, Authorization, Content-Type',
      'X-Nominated: drop me',
      'Authorization: keep me',
      'Keep-Alive: timeout=5',
      'Proxy-Authorization: Basic x',
      'Proxy-Connection: keep-alive',
      'Proxy: http://evil',
      'TE: trailers',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
      'X-Forwarded-For: 6.6.6.6',
      'x_forwarded_for: 6.6.6.6',
      'X-Forwarded_Proto: https',
      'X.Forwarded.For: 6.6.6.6',
      'X!Real~Ip: 6.6.6.6',
      'Forwarded: for=6.6.6.6',
      'X-Real-IP: 6.6.6.6',
      'X-Request-Id: spoofed',
      'traceparent: 00-spoofed',
      'Sluice-Verdict: clean',
      'SLUICE_VERDICT: clean',
      'Sluice.Removed: x',
      'Via: 1.0 fred',
      '',
      '',
    ].join('\r\n'),
  )
  const fields = backend.seen[0]?.fields ?? []
  t.same(
    fields.map(([name, value]) => `${name}: ${value}`),
    [
      'host: a',
      'connection: keep-alive',
      'Authorization: keep me',
      'Via: 1.0 fred',
      'Via: 1.1 sluice',
      'X-Request-Id: request-1',
      'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: a',
      'Forwarded: for=127.0.0.1;host="a";proto=http',
    ],
  )
})

t.test('nothing of the backend’s connection reaches the client', async (t) => {
  backend.answer = () =>
    plainAnswer(
      'ok',
      'Connection: close, X-Nominated\r\nX-Nominated: 1\r\nProxy-Authenticate: x\r\nKeep-Alive: timeout=9\r\nUpgrade: h2c\r\n',
    )
  const client = await openClient(gateway.port)
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const answer = await client.answer()
  t.same(answer?.fields, [
    ['Content-Length', '2'],
    ['Connection', 'keep-alive'],
    ['Keep-Alive', 'timeout=30'],
  ])
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  t.equal((await client.answer())?.status, 200, 'the client’s connection outlives the backend’s')
  client.destroy()
})

t.test('a body never becomes a request', async (t) => {
  backend.answer = () => plainAnswer('ok')
  const inner = 'GET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n'
  const framings = [
    `Content-Length: ${inner.length}\r\n\r\n${inner}`,
    `Transfer-Encoding: chunked\r\n\r\n${chunked(inner)}`,
  ]
  for (const method of ['DELETE', 'OPTIONS', 'GET', 'HEAD', 'POST', 'PROPFIND']) {
    for (const framing of framings) {
      for (const extra of ['', 'Connection: close, Host, Transfer-Encoding, Content-Length\r\n']) {
        backend.seen.length = 0
        const answer = await ask(gateway.port, `${method} /outer HTTP/1.1\r\nHost: a\r\n${extra}${framing}`)
        t.equal(answer?.status, 200)
        t.match(
          backend.seen,
          [{ target: '/outer', body: Buffer.from(inner) }],
          `${method} ${extra}${framing.slice(0, 20)}`,
        )
        t.equal(backend.seen.length, 1)
        t.same(valuesOf(backend.seen[0]?.fields ?? [], 'host'), ['a'])
      }
    }
  }
})
