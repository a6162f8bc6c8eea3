import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { png } from '../support/files.ts'
import { freePort } from '../support/free-port.ts'
import { type GatewayOptions, startGateway, type TestGateway } from '../support/gateway.ts'
import { type LegacyBackend, plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { openClient } from '../support/raw-client.ts'
import { eventually, plainGet, uploadOf } from '../support/workers.ts'

const lax = { extends: 'anything', owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }
const isTaken = (types: readonly string[]) => ({ policies: { test: { ...lax, files: { types } }, raw: lax } })
const text = Buffer.from('plain words\n')

async function start(
  t: Test,
  options: Partial<GatewayOptions> = {},
): Promise<{ sluice: TestGateway; backend: LegacyBackend }> {
  const backend = await startBackend(() => plainAnswer('thanks'))
  const sluice = await startGateway({ upstream: backend.url, ...options })
  t.teardown(async () => {
    await sluice.close()
    await backend.close()
  })
  return { sluice, backend }
}

interface Line {
  readonly configuration: string
  readonly lane: string
  readonly outcome: string
  readonly facts: { readonly files: readonly { readonly name: string }[] } | null
}

function auditOf({ directory }: TestGateway): Line[] {
  const lines = readFileSync(join(directory, 'audit.jsonl'), 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Line)
}

t.test('200 uploads run through 50 changes: none is lost, and none is judged by two configurations', async (t) => {
  const { sluice, backend } = await start(t, { configuration: isTaken(['png']) })
  const takes = new Map<string, string>()
  const first = await sluice.change(isTaken(['txt']))
  takes.set(first.hash, 'txt')
  const over = new AbortController()
  const statuses: (number | undefined)[] = []
  const uploads = Array.from({ length: 200 }, async (_, index) => {
    const isPicture = index % 2 === 0
    const { whole } = uploadOf(isPicture ? png(`picture ${index}`) : text, isPicture ? 'p.png' : 't.txt')
    const client = await openClient(sluice.port)
    while (!over.signal.aborted) {
      const half = whole.length >> 1
      client.write(whole.subarray(0, half))
      await delay(20 + (index % 7) * 15)
      client.write(whole.subarray(half))
      statuses.push((await client.answer('POST'))?.status)
    }
    client.socket.destroy()
  })
  for (let turn = 0; turn < 50; turn++) {
    const type = turn % 2 === 0 ? 'png' : 'txt'
    // Every time another text, and so another hash.
    const { hash, outcome } = await sluice.change({ ...isTaken([type]), process: { drain: `${turn + 1}s` } })
    t.same(outcome, { changed: true })
    takes.set(hash, type)
  }
  over.abort()
  await Promise.all(uploads)
  const lines = auditOf(sluice)
  t.ok(statuses.length >= 200, `${statuses.length} uploads`)
  t.equal(lines.length, statuses.length, 'each is on record once')
  t.same(new Set(statuses), new Set([200, 415]), 'each was answered, by one of the two')
  const released = lines.filter(({ outcome }) => outcome === 'released')
  t.equal(released.length, statuses.filter((status) => status === 200).length)
  t.equal(backend.seen.length, released.length, 'the backend has exactly what was released')
  const wrong = lines.filter(({ configuration, outcome, facts }) => {
    const isPicture = facts?.files[0]?.name === 'p.png'
    const isWanted = (takes.get(configuration) === 'png') === isPicture
    return !takes.has(configuration) || (outcome === 'released') !== isWanted
  })
  t.same(wrong, [], 'each was judged by the configuration that its record names')
  t.ok(new Set(lines.map(({ configuration }) => configuration)).size > 10, 'by many of them')
})

t.test(
  'an upload ends under the configuration that it began with, and its connection goes on with the next',
  async (t) => {
    const { sluice } = await start(t, { configuration: isTaken(['png']) })
    const client = await openClient(sluice.port)
    const { whole } = uploadOf(png(), 'p.png')
    client.write(whole.subarray(0, 200))
    await eventually(async () => (await gauge(sluice, 'sluice_uploads_in_flight')) === 1)
    t.same((await sluice.change(isTaken(['txt']))).outcome, { changed: true })
    client.write(whole.subarray(200))
    t.equal((await client.answer('POST'))?.status, 200)
    client.write(whole)
    t.equal((await client.answer('POST'))?.status, 415)
    client.socket.destroy()
  },
)

t.test('what cannot be had changes nothing, and is told', async (t) => {
  const { sluice } = await start(t)
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as { port: number }
  const before = await hashOf(sluice)
  const rows: readonly (readonly [why: RegExp, configuration: Record<string, unknown>])[] = [
    [/spool\/gone cannot be written to/, { hold: { spool: { directory: 'spool/gone' } } }],
    [/in use by another program/, { listeners: [{ address: '127.0.0.1:0' }, { address: `127.0.0.1:${port}` }] }],
    [/scanner dead: .*REFUSED/, { scanners: { dead: { type: 'clamd', address: '127.0.0.1:1' } } }],
    [/scanner rules: /, { scanners: { rules: { type: 'yara', files: ['no.yar'] } } }],
    [/^audit.file cannot change while the gateway runs/, { audit: { file: 'other.jsonl' } }],
    [/^operations.address cannot change/, { operations: { address: '127.0.0.2:0' } }],
    [/^process.workers, ledger cannot change/, { process: { workers: 2, drain: '1s' }, ledger: { file: 'l.jsonl' } }],
  ]
  for (const [why, configuration] of rows) {
    const { outcome } = await sluice.change(configuration)
    t.match(outcome, { changed: false, why }, String(why))
    t.equal(await hashOf(sluice), before)
    t.equal(sluice.ports().length, 1)
  }
  const client = await openClient(sluice.port)
  client.write(uploadOf(png(), 'p.png').whole)
  t.equal((await client.answer('POST'))?.status, 200)
  client.socket.destroy()
})

t.test('listeners come and go; one that goes lets its requests end', async (t) => {
  const { sluice } = await start(t)
  const [port = 0] = sluice.ports()
  const other = { address: `127.0.0.1:${await freePort()}` }
  t.same((await sluice.change({ listeners: [{ address: '127.0.0.1:0' }, other] })).outcome, { changed: true })
  t.equal(sluice.ports()[0], port, 'the one that stays keeps its port')
  const idle = await openClient(port)
  const busy = await openClient(port)
  const { whole } = uploadOf(png(), 'p.png')
  busy.write(whole.subarray(0, 200))
  await eventually(async () => (await gauge(sluice, 'sluice_uploads_in_flight')) === 1)
  t.same((await sluice.change({ listeners: [other] })).outcome, { changed: true })
  t.equal(sluice.ports().length, 1)
  t.equal(await idle.closed(), 'end')
  await t.rejects(openClient(port))
  busy.write(whole.subarray(200))
  const answer = await busy.answer('POST')
  t.equal(answer?.status, 200)
  t.equal(await busy.closed(), 'end', 'and its connection is over')
  const client = await openClient(sluice.ports()[0] ?? 0)
  client.write(plainGet)
  t.equal((await client.answer())?.status, 200)
  client.socket.destroy()
})

t.test('what clients have had is remembered', async (t) => {
  const limited = (rate: string, retryFor: string) => ({
    limits: { few: { key: 'client', rate, burst: 2 } },
    routes: [{ path: '/**', upstream: 'backend', limits: ['few'] }],
    upstreams: { backend: { urls: [backend.url], retryFor } },
  })
  const backend = await startBackend(() => plainAnswer('ok'))
  const sluice = await startGateway({ upstream: backend.url, configuration: limited('1/h', '1s') })
  t.teardown(async () => {
    await sluice.close()
    await backend.close()
  })
  const statuses: number[] = []
  for (const retryFor of ['2s', '3s', '4s']) {
    statuses.push((await fetch(sluice.url)).status)
    t.same((await sluice.change(limited('1/h', retryFor))).outcome, { changed: true })
  }
  t.same(statuses, [200, 200, 429])
})

t.test('sizes follow', async (t) => {
  const { sluice } = await start(t, { configuration: { process: { drain: '1s' } } })
  const uploads = { active: 3, queue: 0 }
  const outcome = await sluice.change({
    hold: { memory: '9MiB', spool: { size: '3MiB', keepFree: '0B' } },
    policies: { test: { ...lax, request: { size: '1MiB' } }, raw: { ...lax, request: { size: '1MiB' } } },
    admission: { uploads, connections: { total: 17 } },
  })
  t.same(outcome.outcome, { changed: true })
  t.equal(await gauge(sluice, 'sluice_hold_memory_limit_bytes'), 9 * 1024 ** 2)
  t.equal(await gauge(sluice, 'sluice_hold_spool_limit_bytes'), 3 * 1024 ** 2)
  t.equal(await gauge(sluice, 'sluice_upload_slots_limit'), 3)
  t.equal(await gauge(sluice, 'sluice_connections_limit'), 17)
  const clients = await Promise.all(Array.from({ length: 4 }, () => openClient(sluice.port)))
  for (const client of clients) client.write(uploadOf(png(), 'p.png').whole.subarray(0, 200))
  const refused = await Promise.race(clients.map((client) => client.answer('POST')))
  t.equal(refused?.status, 503, 'three slots, and no line')
  for (const client of clients) client.socket.destroy()
})

t.test('the way back from a trial needs nothing that has gone by then', async (t) => {
  const rules = join(t.testdir({ 'r.yar': 'rule never { condition: false }' }), 'r.yar')
  const scanning = { scanners: { rules: { type: 'yara', files: [rules] } } }
  const { sluice } = await start(t, { configuration: scanning })
  t.same((await sluice.change({ scanners: {} }, 'onTrial')).outcome, { changed: true })
  rmSync(rules)
  t.same((await sluice.change({}, 'back')).outcome, { changed: true })
  t.same((await sluice.change({ scanners: {} })).outcome, { changed: true })
  await eventually(async () => !(await sluice.change({}, 'back')).outcome.changed)
  t.pass('what nobody needs for a way back is closed')
})

t.test('what an earlier configuration had open is closed', async (t) => {
  const { sluice } = await start(t)
  const settings = (turn: number) => ({
    inspection: { threads: 1, timeout: `${turn + 1}s` },
    upstreams: { backend: { urls: ['http://127.0.0.1:1'], connect: `${turn + 1}s` } },
  })
  await sluice.change(settings(0))
  const threads = count('/proc/self/task')
  for (let turn = 1; turn <= 8; turn++) t.same((await sluice.change(settings(turn))).outcome, { changed: true })
  await eventually(() => count('/proc/self/task') <= threads)
  t.pass('as many threads as before')
})

function count(folder: string): number {
  return readdirSync(folder).length
}

async function metricsOf({ operationsUrl }: TestGateway): Promise<string> {
  return (await fetch(`${operationsUrl}/metrics`)).text()
}

async function gauge(sluice: TestGateway, name: string): Promise<number> {
  const [, value = 'NaN'] = new RegExp(`^${name} (.+)$`, 'm').exec(await metricsOf(sluice)) ?? []
  return Number(value)
}

async function hashOf(sluice: TestGateway): Promise<string> {
  const [, hash = ''] = /^sluice_configuration_info\{hash="(\w+)"\} 1$/m.exec(await metricsOf(sluice)) ?? []
  return hash
}
