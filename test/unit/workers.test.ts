import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { checkConfiguration } from '../../src/config/check.ts'
import { takeSnapshot } from '../../src/config/snapshot.ts'
import { workerCount } from '../../src/config/worker-count.ts'
import type { Ask, LimitStore } from '../../src/limits/store.ts'
import { logStream } from '../../src/log-stream.ts'
import { createMetrics, type Metrics, type MetricsReport } from '../../src/metrics/registry.ts'
import type { OpenFile } from '../../src/path/9-record/append-file.ts'
import { openSharedAuditFile } from '../../src/workers/audit-file.ts'
import { entryRoomOf, serveEntryRoom } from '../../src/workers/entry-room.ts'
import { limitStoreOf, serveLimitStore } from '../../src/workers/limit-store.ts'
import { mergedText, type Told, withDeparted } from '../../src/workers/merge.ts'
import type { PrimaryQuestions } from '../../src/workers/messages.ts'
import { openPeer } from '../../src/workers/peer.ts'
import { createReplacement } from '../../src/workers/replacement.ts'
import { workerShare } from '../../src/workers/share.ts'
import { channelPair } from '../support/channels.ts'
import { smallLimitStore } from '../support/small-limit-store.ts'

function snapshotOf(keys: string) {
  const text = `version: 1
upstreams: { app: { urls: [http://app:80] } }
policies: { files: { extends: images, request: { size: 100MiB } } }
routes: [{ path: /**, upstream: app, policy: files }]
${keys}`
  const checked = checkConfiguration(text, { file: 's.yaml', env: {}, readFile: () => '' })
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
  return takeSnapshot(text, 's.yaml', checked.configuration)
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5)
}

t.test('how many workers there are', async (t) => {
  const rows: readonly (readonly [keys: string, processors: number, workers: number])[] = [
    ['', 8, 1],
    ['process: { workers: 3 }', 8, 3],
    ['process: { workers: auto }', 1, 1],
    ['process: { workers: auto }', 8, 8],
    ['process: { workers: auto }\nhold: { spool: { size: 20GiB } }', 128, 64],
    ['process: { workers: auto }\nhold: { spool: { size: 350MiB } }', 8, 3],
    ['process: { workers: auto }\nhold: { memory: 300KiB }', 8, 4],
    ['process: { workers: auto }\nhold: { memory: 64KiB }', 8, 1],
  ]
  for (const [keys, processors, workers] of rows) t.equal(workerCount(snapshotOf(keys), processors), workers, keys)
})

t.test('the shares of all workers are no more than the whole', async (t) => {
  const { configuration } = snapshotOf(`
process: { workers: 4 }
hold: { memory: 1MiB, spool: { size: 1000MiB, keepFree: 7GiB } }
inspection: { threads: 6 }
scanners:
  many: { type: clamd, address: 127.0.0.1:3310, concurrent: 10, queue: 9 }
  few: { type: clamd, address: 127.0.0.1:3311, concurrent: 2, queue: 0 }
audit: { file: /a }`)
  const share = workerShare(configuration, { workers: 4, processors: 8 })
  t.match(share, { hold: { memory: 262_144, spool: { size: 262_144_000, keepFree: 7 * 1024 ** 3 } } })
  t.equal(share.inspection.threads, 1)
  t.match(share.scanners, { many: { concurrent: 2, queue: 2 }, few: { concurrent: 1, queue: 0 } })
  t.match(share, { audit: configuration.audit, process: configuration.process, policies: configuration.policies })
  const auto = { ...configuration, inspection: { ...configuration.inspection, threads: 'auto' as const } }
  t.equal(workerShare(auto, { workers: 4, processors: 13 }).inspection.threads, 3)
  t.equal(workerShare(auto, { workers: 4, processors: 4 }).inspection.threads, 1)
})

t.test('a worker that dies soon again is waited for longer and longer', async (t) => {
  const replacement = createReplacement()
  const pauses = Array.from({ length: 10 }, () => replacement.next(1000))
  t.same(pauses, [0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  t.equal(replacement.next(60_000), 0, 'one that lived is replaced at once')
  t.equal(replacement.next(10), 0)
  t.equal(replacement.next(10), 500)
})

type Sums = { add: [value: readonly number[], answer: number]; note: [value: string, answer: void] }
type MoreThanKnown = Sums & { none: [value: null, answer: null] }

t.test('questions between processes', async (t) => {
  const { primary, worker, close } = channelPair()
  const notes: string[] = []
  openPeer<Record<string, never>, Sums>(primary, {
    async add([first = 0, second = 0]) {
      if (second < 0) throw new Error('less than nothing')
      await delay(second)
      return first + second
    },
    note: (text) => void notes.push(text),
  })
  const peer = openPeer<MoreThanKnown, Record<string, never>>(worker, {})
  const deadline = 60_000
  const sums = [[1, 3] as const, [1, 2] as const, [1, 1] as const]
  t.same(await Promise.all(sums.map((sum) => peer.ask('add', sum, { deadline }))), [4, 3, 2])
  t.equal(worker.sent, 1, 'what is asked in one turn travels together')
  peer.tell('note', 'one')
  peer.tell('note', 'two')
  await peer.flushed()
  t.same(notes, ['one', 'two'])
  await t.rejects(peer.ask('add', [1, -1], { deadline }), /less than nothing/)
  await t.rejects(peer.ask('none', null, { deadline }), /nobody here answers none/)
  worker.isHeld = true
  const late: number[] = []
  await t.rejects(peer.ask('add', [5, 0], { deadline: 1, late: (sum) => late.push(sum) }), /no answer within 1 ms/)
  await t.rejects(peer.ask('add', [6, 0], { deadline: 1 }), /no answer within 1 ms/)
  worker.release()
  await until(() => late.length > 0)
  t.same(late, [5])
  worker.isHeld = true
  const open = peer.ask('add', [7, 0], { deadline: null })
  setImmediate(close)
  await t.rejects(open, /gone/)
  t.ok(peer.gone.aborted)
  await t.rejects(peer.ask('add', [8, 0], { deadline }), /gone/)
  peer.tell('note', 'three')
  await peer.flushed()
})

t.test('a side that never answers fills the memory of the other to a bound only', async (t) => {
  const { worker } = channelPair()
  const peer = openPeer<Sums, Record<string, never>>(worker, {})
  const refused = Promise.withResolvers<Error>()
  for (let count = 0; count < 20_001; count++) {
    peer.ask('add', [], { deadline: null }).catch((error: Error) => refused.resolve(error))
  }
  t.match(await refused.promise, { message: 'too many questions are open' })
  worker.close()
})

const lease = (id: string | null, most = 2, enforce = true): Ask => ({ kind: 'lease', key: 'k', most, id, enforce })
const bucket = (cost: number, enforce = true): Ask => {
  return { kind: 'bucket', key: 'b', capacity: 10, interval: 1, cost, enforce }
}

type LimitNames = Pick<PrimaryQuestions, 'takeLimits' | 'chargeLimits' | 'leaveLimits'>

/** A store in the primary, as a worker sees it. */
function limitsOver(store: LimitStore | null, within = 60_000) {
  const pair = channelPair()
  const { handlers, end } = serveLimitStore(store)
  openPeer<Record<string, never>, LimitNames>(pair.primary, handlers)
  return { ...pair, end, limits: limitStoreOf(openPeer(pair.worker, {}), within) }
}

t.test('limits of a worker are asked of the primary, and what it holds is given back when it dies', async (t) => {
  const store = smallLimitStore()
  const { limits, end } = limitsOver(store)
  t.match(await limits.take([lease('1'), bucket(3)]), [{ fits: true }, { fits: true }])
  t.match(await limits.take([lease('2'), bucket(8)]), [{ fits: true }, { fits: false }], 'all or nothing')
  t.match(await limits.take([lease('3'), bucket(8, false)]), [{ fits: true }, { fits: false }])
  t.match(await limits.take([lease(null, 2, false)]), [{ fits: false }])
  t.same([...store.held], ['k 1', 'k 3'])
  await limits.charge([bucket(20) as Extract<Ask, { kind: 'bucket' }>])
  t.equal(store.charged.get('b'), 23)
  await limits.leave([{ key: 'k', id: '1' }])
  t.same([...store.held], ['k 3'])
  end()
  t.same([...store.held], [])
  await limits.close()
})

t.test('what a worker was not told of in time is not its own', async (t) => {
  const store = smallLimitStore()
  const turn = Promise.withResolvers<void>()
  store.pause = () => turn.promise
  const left: unknown[] = []
  const leave = store.leave.bind(store)
  store.leave = (leases) => {
    left.push(leases)
    return leave(leases)
  }
  const { limits, end, close } = limitsOver(store, 1)
  await t.rejects(limits.take([lease('1')]), /no answer/)
  turn.resolve()
  await until(() => left.length === 1)
  t.same(left, [[{ key: 'k', id: '1' }]])
  t.equal(store.held.size, 0)
  store.pause = () => delay(20)
  const dying = t.rejects(limits.take([lease('2')]))
  await delay(5)
  end()
  close()
  await dying
  await until(() => left.length === 2)
  t.same(left[1], [{ key: 'k', id: '2' }])
  const none = limitsOver(null)
  await t.rejects(none.limits.take([lease('1')]), /no store/)
  await none.limits.charge([])
  await none.limits.leave([{ key: 'k', id: '1' }])
})

t.test('the places of a process that is killed are free again', async () => {
  const store = smallLimitStore()
  const { handlers, end } = serveLimitStore(store)
  const holder = fork(join(import.meta.dirname, '../support/limit-holder.ts'), ['a', 'b', 'c'], {
    serialization: 'advanced',
  })
  const peer = openPeer<Record<string, never>, LimitNames>(holder, handlers)
  peer.gone.addEventListener('abort', end)
  await until(() => store.held.size === 3)
  holder.kill('SIGKILL')
  await once(holder, 'close')
  await until(() => store.held.size === 0)
})

t.test('the room of the quarantine is one for all', async (t) => {
  const settled: unknown[] = []
  let free = 100
  const room = {
    async reserve(bytes: number) {
      if (bytes > free) return 7
      free -= bytes
      return null
    },
    settle(bytes: number, id: string | null) {
      free += bytes
      settled.push([bytes, id])
    },
  }
  const { primary, worker } = channelPair()
  const { handlers, end } = serveEntryRoom(room)
  openPeer<Record<string, never>, Pick<PrimaryQuestions, 'reserveRoom' | 'settleRoom'>>(primary, handlers)
  const mine = entryRoomOf(openPeer(worker, {}))
  t.same(await Promise.all([mine.reserve(60), mine.reserve(30), mine.reserve(20)]), [null, null, 7])
  mine.settle(60, 'an id')
  mine.settle(99, 'never reserved')
  await until(() => settled.length > 0)
  t.same(settled, [[60, 'an id']])
  end()
  t.same(settled.slice(1), [[30, null]], 'what it had reserved when it died')
  t.equal(free, 100)
})

t.test('lines of the audit file are whole, whoever sends them, and go on after a rotation', async (t) => {
  const file = join(t.testdir(), 'audit')
  const audit = await openSharedAuditFile(file)
  const line = (number: number) => Buffer.from(`{"number":${number},"pad":"${'x'.repeat(number)}"}\n`)
  const batches = Array.from({ length: 50 }, (_, index) => Buffer.concat([line(index), line(index)]))
  const appended = await Promise.all(batches.map((batch) => audit.append(batch)))
  t.ok(appended.every(({ written, error }, index) => written === batches[index]?.length && error === null))
  const numbers = (path: string) =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => (JSON.parse(text) as { number: number }).number)
  t.same(
    numbers(file),
    batches.flatMap((_, index) => [index, index]),
  )
  await audit.close()
  await t.rejects(openSharedAuditFile(join(t.testdir(), 'none', 'audit')), { code: 'ENOENT' })
  const full = await openSharedAuditFile('/dev/full')
  t.match(await full.append(line(1)), { written: 0, error: { code: 'ENOSPC' } })
  await full.close()
})

t.test('half a line is taken back before anybody else appends', async (t) => {
  const file = join(t.testdir(), 'audit')
  let isFull = true
  const openFile: OpenFile = async (path, flags, mode) => {
    const handle = await open(path, flags, mode)
    return {
      read: handle.read.bind<FileHandle['read']>(handle),
      stat: handle.stat.bind<FileHandle['stat']>(handle),
      truncate: (length) => handle.truncate(length),
      close: () => handle.close(),
      write: (async (bytes: Buffer, offset: number, length: number) => {
        if (!isFull) return handle.write(bytes, offset, length, null)
        isFull = false
        await handle.write(bytes, offset, length - 3, null)
        await delay(50)
        throw Object.assign(new Error('full'), { code: 'ENOSPC' })
      }) as FileHandle['write'],
    }
  }
  const audit = await openSharedAuditFile(file, openFile)
  const lines = ['{"a":1}\n', '{"b":2}\n', '{"c":3}\n'].map((line) => Buffer.from(line))
  const appended = await Promise.all(lines.map((line) => audit.append(line)))
  t.match(appended, [
    { written: 0, error: { code: 'ENOSPC' } },
    { written: 8, error: null },
    { written: 8, error: null },
  ])
  t.equal(readFileSync(file, 'utf8'), '{"b":2}\n{"c":3}\n')
  await audit.close()
})

t.test('lines of the log that are longer than a pipe takes at once stay whole', async (t) => {
  const file = join(t.testdir(), 'log')
  const descriptor = openSync(file, 'w')
  t.teardown(() => closeSync(descriptor))
  const stream = logStream(descriptor, 1_000_000)
  const lines = [1, 4095, 2, 10_000, 4096, 3, 3, 5000].map((length) => `${'x'.repeat(length)}\n`)
  for (const line of lines) stream.write(line)
  await until(() => readFileSync(file, 'utf8').length === lines.join('').length)
  t.equal(readFileSync(file, 'utf8'), lines.join(''))
})

t.test('lines of two processes do not mix in one pipe', async (t) => {
  const writer = join(import.meta.dirname, '../support/log-writer.ts')
  // Both find the pipe full before anybody reads.
  const script = `("$0" "$1" a & "$0" "$1" b & wait) | (sleep 2; cat)`
  const child = spawn('sh', ['-c', script, process.execPath, writer], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  await once(child, 'close')
  const lines = text.split('\n').slice(0, -1)
  t.equal(lines.length, 4000)
  t.same([...new Set(lines.map((line) => line.replace(/^([ab])\1{300}$/, '$1')))].toSorted(), ['a', 'b'])
})

function fresh(t: { teardown: (end: () => void) => unknown }): Metrics {
  const metrics = createMetrics({ version: '1' })
  t.teardown(metrics.stop)
  return metrics
}

function valueOf(text: string, series: string): number {
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1),
  )
}

/** As it travels between processes. */
async function reported(metrics: Metrics, scraped = true): Promise<MetricsReport> {
  return structuredClone(await metrics.report({ scraped }))
}

t.test('what several processes tell becomes one', async (t) => {
  const [one, two] = [fresh(t), fresh(t)]
  for (const [metrics, number] of [
    [one, 3],
    [two, 4],
  ] as const) {
    metrics.requests.of({ route: '/a', lane: 'upload', outcome: 'refused' }).inc(number)
    metrics.requestDuration.of({ lane: 'upload' }).observe(number)
    metrics.upgrades.inc(number)
    metrics.connectionsOpen.set(number)
    metrics.quarantineBytes.set(number)
    metrics.scannerUp.set({ scanner: 'av' }, number - 3)
    metrics.scannerCircuitOpen.set({ scanner: 'av' }, number - 3)
  }
  two.problems.of({ id: 'file.size' }).inc()
  const told = async (departed: Told['departed'] = []): Promise<Told[]> => [
    { worker: '1', report: await reported(one), departed },
    { worker: '2', report: await reported(two), departed: [] },
  ]
  const text = await mergedText(await told())
  const values: readonly (readonly [series: string, value: number])[] = [
    ['sluice_requests_total{route="/a",lane="upload",outcome="refused"}', 7],
    ['sluice_problems_total{id="file.size"}', 1],
    ['sluice_upgrades_total', 7],
    ['sluice_request_duration_seconds_sum{lane="upload"}', 7],
    ['sluice_request_duration_seconds_count{lane="upload"}', 2],
    ['sluice_request_duration_seconds_bucket{le="2.5",lane="upload"}', 0],
    ['sluice_request_duration_seconds_bucket{le="5",lane="upload"}', 2],
    ['sluice_connections_open', 7],
    ['sluice_quarantine_bytes', 4],
    ['sluice_scanner_up{scanner="av"}', 0],
    ['sluice_scanner_circuit_open{scanner="av"}', 1],
    ['sluice_build_info{version="1"}', 1],
  ]
  for (const [series, value] of values) t.equal(valueOf(text, series), value, series)
  for (const worker of ['1', '2']) t.ok(valueOf(text, `process_start_time_seconds{worker="${worker}"}`) > 1e9)
  const departed = await withDeparted([], await reported(two, false))
  t.ok(departed.every(({ type }) => String(type) !== 'gauge'))
  const later = await mergedText([{ worker: '2', report: null, departed }, ...(await told(departed))])
  t.equal(valueOf(later, 'sluice_upgrades_total'), 15, 'those that are gone count on')
  t.equal(valueOf(later, 'sluice_request_duration_seconds_sum{lane="upload"}'), 15)
  t.equal(valueOf(later, 'sluice_connections_open'), 7)
})

t.test('what a process never sets is not told as 0 by those that set it', async (t) => {
  const primary = createMetrics({ version: '1' })
  const worker = createMetrics({ version: '1' })
  for (const { stop } of [primary, worker]) stop()
  worker.limitStoreUp.set(1)
  worker.turnsBudget.set(65_536)
  const text = await mergedText([
    { worker: 'primary', report: await primary.report({ scraped: true }), departed: [] },
    { worker: '1', report: await worker.report({ scraped: true }), departed: [] },
  ])
  t.equal(valueOf(text, 'sluice_limit_store_up'), 1)
  t.equal(valueOf(text, 'sluice_upload_turn_bytes'), 65_536)
})

t.test('no sum becomes smaller, whoever counts or dies', async () => {
  const event = fc.record({
    place: fc.nat(2),
    dies: fc.boolean(),
    by: fc.oneof(
      fc.constant(0),
      fc.nat(1e9).map((number) => number / 7e6),
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
      const places = [0, 1, 2].map(() => ({ sum: 0, departed: [] as Told['departed'] }))
      const report = (sum: number) =>
        ({
          own: [
            { name: 'a_total', help: 'A.', type: 'counter', aggregator: 'sum', values: [{ value: sum, labels: {} }] },
          ],
          process: [],
        }) as unknown as MetricsReport
      let last = 0
      for (const { place: index, dies, by } of events) {
        const place = places[index]
        if (place === undefined) continue
        place.sum += by
        if (dies) {
          place.departed = await withDeparted(place.departed, report(place.sum))
          place.sum = 0
        }
        const text = await mergedText(
          places.map(({ sum, departed }) => ({ worker: '', report: report(sum), departed })),
        )
        const value = valueOf(text, 'a_total')
        if (value < last) throw new Error(`${value} is less than ${last}`)
        last = value
      }
    }),
    { numRuns: 200 },
  )
})
