/** Ten thousand uploads whose clients leave in every way and at every moment: nothing of them stays behind. */
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { eachAtOnce } from '../../src/at-once.ts'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import { pick, type Random, randomFrom } from '../fuzz/random.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { type Moment, sendAndLeave, type Way } from '../support/leaving-client.ts'
import { formBody } from '../support/multipart.ts'
import { gauges, rested } from '../support/resting-gauges.ts'
import { gauge, until } from '../support/scrape.ts'

t.setTimeout(900_000)

const count = 10_000
const atOnce = 64
const seed = 20_261_128
/** Of the services; what clients do does not hang on when they are asked. */
const pause = randomFrom(seed)
/** Where a failure is to be had again. */
const again = `seed ${seed}`

/** Who waits to be told that its upload has come to a place. */
const waiting = new Map<string, () => void>()

type Place = 'scanner' | 'backend'

function arrived(place: Place, marker: string): void {
  const tell = waiting.get(`${place} ${marker}`)
  waiting.delete(`${place} ${marker}`)
  tell?.()
}

async function serve(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Null where the gateway broke off. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined)
  await new Promise((resolve) => request.once('close', resolve))
  return request.complete ? Buffer.concat(chunks) : null
}

async function scan(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [marker = ''] = String(request.headers['sluice-file-name']).split('.')
  arrived('scanner', marker)
  const body = await bodyOf(request)
  if (!body) return
  await delay(pause(15))
  const verdict = body.includes(eicar) ? { verdict: 'infected' } : { verdict: 'clean', size: body.length }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(verdict))
}

/** Markers of the uploads that came whole, and how often. */
const delivered = new Map<string, number>()

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const marker = request.url?.split('=')[1] ?? ''
  arrived('backend', marker)
  const body = await bodyOf(request)
  if (!body) return
  delivered.set(marker, (delivered.get(marker) ?? 0) + 1)
  await delay(pause(15))
  response.end('thanks')
}

interface Upload {
  readonly marker: string
  readonly request: Buffer
  readonly way: Way
  readonly moment: Moment
  readonly isSent: boolean
}

function drawUpload(index: number): Upload {
  const random = randomFrom(seed + index)
  const marker = String(index)
  const size = pick([10, 2_000, 20_000, 90_000], random)
  const content = Buffer.alloc(size, `${marker} some text\n`)
  const body = formBody('b', [
    { name: 'note', content: 'a field' },
    { name: 'file', filename: `${marker}.txt`, content },
  ])
  const request = requestOf(marker, body, random(2) === 0)
  const way = pick<Way>(['reset', 'reset', 'end', 'destroy', 'destroy', 'complete'], random)
  const stay: Moment = { told: new Promise(() => undefined) }
  const moment = way === 'complete' ? stay : drawMoment(marker, request.length, random)
  return { marker, request, way, moment, isSent: !('bytes' in moment) || moment.bytes === request.length }
}

function requestOf(marker: string, body: Buffer, chunked: boolean): Buffer {
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`
  const type = 'Content-Type: multipart/form-data; boundary=b'
  const head = Buffer.from(`POST /upload?m=${marker} HTTP/1.1\r\nHost: a\r\n${type}\r\n${framing}\r\n\r\n`)
  if (!chunked) return Buffer.concat([head, body])
  const half = Math.floor(body.length / 2)
  const chunks = [body.subarray(0, half), body.subarray(half)].flatMap((piece) => [
    Buffer.from(`${piece.length.toString(16)}\r\n`),
    piece,
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([head, ...chunks, Buffer.from('0\r\n\r\n')])
}

function drawMoment(marker: string, length: number, random: Random): Moment {
  const kind = random(8)
  if (kind < 3) return { bytes: random(length + 1) }
  if (kind < 6) return { milliseconds: random(40) }
  const place = kind === 6 ? 'scanner' : 'backend'
  return { told: new Promise((resolve) => waiting.set(`${place} ${marker}`, resolve)) }
}

/** Files of the gateway's folder that this process has open: those of the spool, and the audit. */
function openFiles({ directory }: TestGateway): string[] {
  const links = readdirSync('/proc/self/fd').map((number) => {
    try {
      return readlinkSync(`/proc/self/fd/${number}`)
    } catch {
      return ''
    }
  })
  return links.filter((link) => link.startsWith(directory) && !link.endsWith('audit.jsonl'))
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}

t.test(`${count} uploads, left at random`, async (t) => {
  const scanner = await serve(t, (request, response) => void scan(request, response))
  const backend = await serve(t, (request, response) => void receive(request, response))
  const gateway = await startGateway({
    upstream: backend,
    hold: { memory: '1MiB' },
    policy: { files: { scanners: ['av'] } },
    configuration: {
      // No upload is turned away because many that have left are still being looked into, or because this machine is slow.
      scanners: { av: { type: 'http', url: `${scanner}/scan`, connect: '1m', queue: 1000, wait: '5m', timeout: '5m' } },
      inspection: { wait: '5m', timeout: '1m' },
      upstreams: { backend: { urls: [backend], connect: '1m', response: '5m', retryFor: '0s' } },
    },
  })
  t.teardown(() => gateway.close())
  await until(gateway, 'sluice_scanner_up{scanner="av"}', 1)
  await sendAndLeave(gateway.port, drawUpload(-1).request, 'complete', { milliseconds: 0 })
  await until(gateway, 'sluice_connections_open', 0)
  const rest = await gauges(gateway)
  const restingTimers = timers()
  const most = new Map<string, number>()
  const watching = setInterval(() => {
    void gauges(gateway).then((now) => {
      for (const [series, value] of now) most.set(series, Math.max(value, most.get(series) ?? 0))
    })
  }, 100)

  const wrong: string[] = []
  const indexes = Array.from({ length: count }, (_, index) => index)
  await eachAtOnce(indexes, atOnce, async (index) => {
    const { marker, request, way, moment, isSent } = drawUpload(index)
    const received = await sendAndLeave(gateway.port, request, way, moment)
    for (const place of ['scanner', 'backend']) waiting.delete(`${place} ${marker}`)
    const status = received.slice(9, 12)
    const seen = delivered.get(marker) ?? 0
    const isAnswered = way === 'complete' || (way === 'end' && isSent)
    if (isAnswered && (status !== '200' || seen !== 1)) wrong.push(`${marker} ${way}: ${status}, delivered ${seen}`)
    if (seen > (isSent ? 1 : 0)) wrong.push(`${marker} ${way}: delivered ${seen}`)
  })
  clearInterval(watching)
  t.same(wrong, [], again)
  t.ok(delivered.size > count / 6, `${delivered.size} were delivered`)

  for (const moved of [
    'sluice_uploads_in_flight',
    'sluice_connections_open',
    'sluice_hold_memory_bytes',
    'sluice_hold_spool_bytes',
    'sluice_scanner_active_files{scanner="av"}',
  ]) {
    t.equal(rest.get(moved), 0, `${moved} rests at zero`)
    t.ok((most.get(moved) ?? 0) > 0, `${moved} had something to count`)
  }
  t.same(await rested(gateway, rest), [], again)
  t.equal((await gauge(gateway, 'sluice_problems_total{id="gateway.fault"}')) ?? 0, 0)
  t.same(openFiles(gateway), [], `no file of the spool is open, ${again}`)
  while (timers() > restingTimers) await delay(50)
  t.ok(timers() <= restingTimers, 'no timer is left')
})
