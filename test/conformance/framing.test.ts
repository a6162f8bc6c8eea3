import { readFileSync } from 'node:fs'
import t from 'tap'
import { startGateway } from '../support/gateway.ts'
import { valuesOf } from '../support/http-bytes.ts'
import { plainAnswer, type SeenRequest, startBackend } from '../support/legacy-backend.ts'
import { openClient } from '../support/raw-client.ts'
import { until } from '../support/scrape.ts'
import {
  chunkedTo,
  content,
  goodChunks,
  type HostileBytes,
  hostileChunkBytes,
  hostileHeadBytes,
  onTheWire,
  smuggled,
  toBytes,
} from './framing-bytes.ts'
import { framingCases } from './framing-cases.ts'

const accepts = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n'
const backend = await startBackend(({ fields }) =>
  valuesOf(fields, 'upgrade').length > 0 ? `HTTP/1.1 101 Switching Protocols\r\n${accepts}\r\n` : plainAnswer('ok'),
)
const gateway = await startGateway({ upstream: backend.url })
t.teardown(async () => {
  await gateway.close()
  await backend.close()
})
let requests = 0

const cases = framingCases.map((one) => {
  const wire = onTheWire.get(one.name)
  return { name: one.name, bytes: toBytes(one), expected: wire === undefined ? one.expected : wire }
})

/** What a client sees that writes these bytes and waits for the gateway to close; null where it does not. */
async function send(bytes: string, waitsForEnd: boolean) {
  requests++
  const client = await openClient(gateway.port)
  const hangs = setTimeout(() => client.destroy(), 10_000)
  client.write(bytes)
  const answer = await client.answer(bytes.split(' ', 1)[0])
  const ended = waitsForEnd ? await client.closed() : null
  clearTimeout(hangs)
  client.destroy()
  return { answer, ended, after: client.received.length }
}

function bytesAtBackend(): number {
  return backend.raw.reduce((sum, { length }) => sum + length, 0)
}

interface Refused {
  readonly instance: string
  readonly problems: readonly { readonly id: string }[]
  readonly retry: { readonly safe: boolean }
}

/** Null where the refusal is as it must be; else what was wrong. */
async function misrefused({ name, bytes, expected }: HostileBytes): Promise<object | null> {
  const before = { bytes: bytesAtBackend(), requests: backend.seen.length }
  const { answer, ended, after } = await send(bytes + smuggled, true)
  if (!answer) return { name, got: 'no answer' }
  const problem = JSON.parse(answer.body.toString()) as Refused
  const found = {
    status: Math.floor(answer.status / 100),
    id: problem.problems[0]?.id,
    type: valuesOf(answer.fields, 'content-type')[0],
    ended,
    after,
    requests: backend.seen.length - before.requests,
    honest: !problem.retry.safe || bytesAtBackend() === before.bytes,
  }
  const right = {
    status: 4,
    id: expected,
    type: 'application/problem+json',
    ended: 'end',
    after: 0,
    requests: 0,
    honest: true,
  }
  return Object.entries(right).every(([key, value]) => Reflect.get(found, key) === value) ? null : { name, ...found }
}

async function misrefusals(rows: readonly HostileBytes[]): Promise<object[]> {
  const wrong: object[] = []
  for (const row of rows) {
    const found = await misrefused(row)
    if (found) wrong.push(found)
  }
  return wrong
}

/** The one request that the backend saw of these bytes, and the status of its answer. */
async function relayed(bytes: string): Promise<{ status: number | undefined; seen: SeenRequest | undefined }> {
  const before = backend.seen.length
  const { answer } = await send(bytes, false)
  return { status: answer?.status, seen: backend.seen.length === before + 1 ? backend.seen[before] : undefined }
}

t.test('heads that readers understand alike arrive, with the body that they announce', async (t) => {
  for (const { name, bytes } of cases.filter(({ expected }) => expected === null)) {
    const { status, seen } = await relayed(bytes)
    t.equal(status, name.startsWith('WebSocket') ? 101 : 200, name)
    t.equal(seen?.method, bytes.split(' ', 1)[0], name)
    t.equal(seen?.body.toString(), bytes.includes(content) ? content : '', name)
  }
})

t.test('chunked bodies that are unusual and unambiguous arrive', async (t) => {
  for (const target of ['/', '/raw/a.bin']) {
    for (const [name, body] of goodChunks) {
      const { status, seen } = await relayed(chunkedTo(target, body))
      t.equal(status, 200, `${name} ${target}`)
      t.equal(seen?.body.toString(), content, `${name} ${target}`)
    }
  }
})

t.test('hostile heads are refused by name, close the connection, and send no byte to the backend', async (t) => {
  const hostile = cases.flatMap(({ expected, ...one }) =>
    expected?.startsWith('framing.') ? [{ ...one, expected }] : [],
  )
  const before = bytesAtBackend()
  t.same(await misrefusals([...hostile, ...hostileHeadBytes]), [])
  t.equal(bytesAtBackend(), before)
})

t.test('hostile chunks are refused by name, of uploads before any byte reaches the backend', async (t) => {
  const before = bytesAtBackend()
  t.same(await misrefusals(hostileChunkBytes('/raw/a.bin')), [])
  t.equal(bytesAtBackend(), before)
  t.same(await misrefusals(hostileChunkBytes('/')), [], 'where bodies are relayed as they come')
})

t.test('OPTIONS * names no path, so that no route can be chosen for it', async (t) => {
  const client = await openClient(gateway.port)
  client.write(`OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n${smuggled}`)
  requests += 2
  const answer = await client.answer('OPTIONS')
  t.equal(answer?.status, 400)
  t.match(JSON.parse(answer?.body.toString() ?? '{}'), { problems: [{ id: 'route.target.invalid' }] })
  t.equal((await client.answer())?.status, 200, 'its framing is sound: the connection goes on')
  client.destroy()
})

t.test('each of them left one line in the audit file, with an id of its own', async (t) => {
  await until(gateway, 'sluice_connections_open', 0)
  await gateway.close()
  const lines = readFileSync(`${gateway.directory}/audit.jsonl`, 'utf8').trimEnd().split('\n')
  const ids = lines.map((line) => (JSON.parse(line) as { requestId: string }).requestId)
  t.equal(ids.length, requests)
  t.equal(new Set(ids).size, requests)
})
