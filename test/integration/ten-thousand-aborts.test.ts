import { randomInt } from 'node:crypto'
import { readdirSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { catalogue } from '../../src/metrics/catalogue.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openClient, type RawClient } from '../support/raw-client.ts'

const seed = Number(process.env['SLUICE_SEED'] ?? randomInt(2 ** 31))

/** Reproducible: the seed is in the name of the test. */
function randomFrom(start: number): (below: number) => number {
  let state = start >>> 0
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5) >>> 0
    return (state >>> 4) % below
  }
}

/** Gauges that have another value than 0 while nothing is going on. */
const constant = new Set([
  'holdMemoryLimit',
  'holdSpoolLimit',
  'uploadSlotsLimit',
  'turnsBudget',
  'eventLoopLag',
  'buildInfo',
  'configurationInfo',
  'connectionsOpen',
])

/** Series that should be at rest and are not. */
async function restless(gateway: TestGateway): Promise<string[]> {
  const text = await (await fetch(`${gateway.operationsUrl}/metrics`)).text()
  const names = Object.entries(catalogue)
    .filter(([key, { type, name }]) => type === 'gauge' && !constant.has(key) && !isState(name))
    .map(([, { name }]) => name)
  return text
    .split('\n')
    .filter(
      (line) =>
        names.some((name) => line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && !line.endsWith(' 0'),
    )
}

/** What is told of scanners and upstreams, not of uploads; and what is kept. */
function isState(name: string): boolean {
  return /^sluice_(scanner_(?!uploads|active|waiting)|quarantine|upstream_endpoint|limit_|worker|drain)/.test(name)
}

const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n'
const ending = '\r\n--b--\r\n'

type Way = 'reset' | 'close' | 'half-close' | 'complete'
const ways: readonly Way[] = ['reset', 'reset', 'reset', 'close', 'close', 'half-close', 'complete']

function spoolFiles(directory: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory)
    } catch {
      return false
    }
  }).length
}

t.test(
  `ten thousand uploads that end at any point leave nothing behind (SLUICE_SEED=${seed})`,
  { timeout: 240_000 },
  async (t) => {
    const random = randomFrom(seed)
    const scanner = createServer((request, response) => {
      const chunks: Buffer[] = []
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .once('end', () => {
          const file = Buffer.concat(chunks)
          const answer = file.includes('EICAR-STANDARD')
            ? { verdict: 'infected', signature: 'Eicar' }
            : { verdict: 'clean', size: file.length }
          // Slow now and then, so that some leave while they are being scanned.
          setTimeout(
            () => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer)),
            random(4) === 0 ? 20 : 0,
          )
        })
    })
    await new Promise<void>((resolve) => void scanner.listen(0, '127.0.0.1', resolve))
    const backend = await startBackend(() => plainAnswer('thanks'))
    const { port } = scanner.address() as AddressInfo
    const gateway = await startGateway({
      upstream: backend.url,
      hold: { memory: '2MiB', spool: { size: '1GiB' } },
      admission: { uploads: { active: 24, queue: 16, queueTimeout: '200ms' }, connections: { perClient: 10_000 } },
      configuration: {
        scanners: {
          av: { type: 'http', url: `http://127.0.0.1:${port}/scan`, concurrent: 4, queue: 16, wait: '200ms' },
        },
      },
      // Whether the scanner opens archives is of no matter here.
      policy: { files: { scanners: ['av'], onUnscanned: { partial: 'release' } } },
    })
    t.teardown(async () => {
      await gateway.close()
      await backend.close()
      scanner.close()
    })
    const outcomes = new Map<string, number>()
    const count = (what: string): void => void outcomes.set(what, (outcomes.get(what) ?? 0) + 1)

    async function one(): Promise<void> {
      const size = [10, 3000, 40_000, 300_000][random(4)] ?? 10
      const body = Buffer.from(`${part}${'x'.repeat(size)}${ending}`)
      const chunked = random(4) === 0
      const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`
      const head = Buffer.from(
        `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n${framing}\r\n\r\n`,
      )
      const sent = chunked
        ? [head, Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]
        : [head, body]
      const all = Buffer.concat(sent)
      const way = ways[random(ways.length)] ?? 'reset'
      // Often all of it, so that many leave after the last byte: while waiting, inspected, scanned or released.
      const until = way === 'complete' || random(2) === 0 ? all.length : random(all.length)
      const client = await openClient(gateway.port)
      client.write(all.subarray(0, until))
      if (way === 'complete') {
        const answer = await client.answer('POST')
        count(`complete ${answer?.status}`)
        client.socket.destroy()
        return
      }
      for (let turns = random(30); turns > 0; turns--) await new Promise(setImmediate)
      await leave(client, way)
      count(way)
    }

    async function leave(client: RawClient, way: Way): Promise<void> {
      if (way === 'reset') client.socket.resetAndDestroy()
      else if (way === 'close') client.socket.destroy()
      else {
        client.socket.end()
        await client.closed()
        client.socket.destroy()
      }
    }

    let left = 10_000
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        while (left-- > 0) await one()
      }),
    )
    t.comment([...outcomes].map(([what, number]) => `${what}: ${number}`).join(', '))
    t.ok((outcomes.get('complete 200') ?? 0) > 0, 'some arrived')
    let last: string[] = []
    for (let look = 0; look < 600; look++) {
      last = await restless(gateway)
      if (last.length === 0) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    t.same(last, [], 'every gauge at rest')
    t.equal(spoolFiles(gateway.directory), 1, 'of the files in its folder only the audit is open')
  },
)
