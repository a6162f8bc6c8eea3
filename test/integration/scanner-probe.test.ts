/** A real clamd is shown what it must find: its limits become known, whatever it says of itself. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createMetrics } from '../../src/metrics/registry.ts'
import { createVerdictCache } from '../../src/path/5-inspection/scanners/cache/verdict-cache.ts'
import { openClamd } from '../../src/path/5-inspection/scanners/clamd/clamd.ts'
import { guardScanner } from '../../src/path/5-inspection/scanners/guard.ts'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import { probeScanner } from '../../src/path/5-inspection/scanners/probe/probe.ts'
import { openScanners } from '../../src/path/5-inspection/scanners/scanners.ts'
import type { ScannerNeed } from '../../src/path/5-inspection/scanners/settings.ts'
import { type ClamdSetting, startClamd } from '../support/daemons/clamd.ts'
import { missing, needed } from '../support/daemons/installed.ts'
import { heldFile } from '../support/fake-scanner.ts'

const live = new AbortController().signal
const options = { skip: missing('clamd') }

const mebibyte = 1024 * 1024
const usual: ScannerNeed = { size: 5 * mebibyte, depth: 3 }

interface Case {
  readonly name: string
  readonly clamd: ClamdSetting
  readonly need?: ScannerNeed
  readonly shown: Record<string, boolean>
  readonly result: object
}

const all = { clean: true, eicar: true, nested: true, edge: true, encrypted: true }

const cases: readonly Case[] = [
  {
    name: 'as it comes',
    clamd: {},
    shown: { ...all, encrypted: false },
    result: { provenSize: null, provenDepth: 3, encrypted: 'silent', error: null },
  },
  {
    name: 'with alerts',
    clamd: { alerts: true },
    shown: all,
    result: { provenSize: null, provenDepth: 3, encrypted: 'told', error: null },
  },
  {
    name: 'MaxFileSize below what policies let through: it calls larger files clean, and is caught lying',
    clamd: { lines: ['MaxFileSize 1M'] },
    shown: { ...all, edge: false, encrypted: false },
    result: { provenSize: mebibyte, provenDepth: 3 },
  },
  {
    name: 'MaxFileSize with alerts: it says so',
    clamd: { lines: ['MaxFileSize 1M'], alerts: true },
    shown: { ...all, edge: false },
    result: { provenSize: mebibyte },
  },
  {
    name: 'StreamMaxLength below what policies let through: it says so',
    clamd: { maxStream: '2M' },
    shown: { ...all, edge: false, encrypted: false },
    result: { provenSize: 2 * mebibyte, error: null },
  },
  {
    name: 'MaxRecursion below what policies let through',
    clamd: { lines: ['MaxRecursion 3'] },
    need: { size: 100, depth: 9 },
    shown: { ...all, nested: false, encrypted: false },
    result: { provenSize: null, provenDepth: 2, error: null },
  },
]

for (const { name, clamd: setting, need = usual, shown, result } of cases) {
  t.test(name, options, async (t) => {
    const clamd = needed(await startClamd(t, setting))
    const scanner = await openClamd({ address: { path: clamd.path }, connect: 2000, connections: 4 })
    t.teardown(() => scanner.close())
    const probed = await probeScanner(scanner, { need, kind: 'clamd', timeout: 10_000 }, live)
    t.same(Object.fromEntries(probed.cases.map((one) => [one.case, one.ok])), shown)
    t.match(probed, result)
    for (const { detail } of probed.cases) t.match(detail, /^[^\p{C}]{1,300}$/u)
  })
}

t.test('what it was caught at decides what its word is worth', options, async (t) => {
  const clamd = needed(await startClamd(t, { lines: ['MaxFileSize 1M'] }))
  const { guard } = await guarded(t, { host: '127.0.0.1', port: clamd.port })
  await guard.probe(live)
  const detail = 'it finds the test file; not: edge (only up to 1 MiB), encrypted'
  t.match(guard.health(), { up: true, kind: 'clamd', detail })
  t.match(await guard.ask(heldFile('small', Buffer.alloc(mebibyte)), live), { result: 'clean', depth: 3 })
  t.match(await guard.ask(heldFile('large', Buffer.alloc(mebibyte + 1)), live), { reason: 'tooLarge' })
  t.match(await guard.ask(heldFile('eicar', eicar), live), { result: 'infected' })
})

t.test('killed and started again', options, async (t) => {
  const clamd = needed(await startClamd(t))
  const { guard, lines } = await guarded(t, { path: clamd.path })
  await guard.probe(live)
  t.match(await guard.ask(heldFile('a'), live), { result: 'clean' })
  await clamd.kill()
  for (let index = 0; index < 5; index++)
    t.match(await guard.ask(heldFile('a'), live), { result: 'unscanned', reason: 'unavailable' })
  t.match(guard.health(), { up: false, circuit: /open/ })
  await clamd.restart()
  const end = Date.now() + 20_000
  while (!guard.health().up && Date.now() < end) await sleep(50)
  t.match(guard.health(), { up: true, circuit: 'closed' })
  t.match(await guard.ask(heldFile('a'), live), { result: 'clean' })
  t.match(await guard.ask(heldFile('b', eicar), live), { result: 'infected' })
  t.same(
    lines.slice(-2).map(([message]) => message),
    ['a scanner is down: it failed repeatedly and is not asked for a while', 'a scanner is up'],
  )
  t.match(lines.at(-2)?.[1], { reason: /connect (ENOENT|ECONNREFUSED)/ })
})

t.test('all scanners of a configuration', options, async (t) => {
  const clamd = needed(await startClamd(t))
  const metrics = createMetrics({ version: '1' })
  t.teardown(metrics.stop)
  const silent = { info() {}, warn() {}, error() {} }
  const address = { path: clamd.path }
  const kind = { type: 'clamd', connect: 1000, ...settings } as const
  const configurations = {
    first: { ...kind, address },
    absent: { ...kind, address: { host: '127.0.0.1', port: 1 }, readiness: 'require' },
    last: { ...kind, address },
  } as const
  const needs = new Map(Object.keys(configurations).map((name) => [name, usual]))
  const dependencies = { needs, redis: null, metrics, log: silent }
  const scanners = await openScanners(configurations, dependencies)
  t.teardown(() => scanners.close())
  await scanners.probeAll(live)
  const health = scanners.health().map(({ name, up, required }) => [name, up, required])
  t.same(health, [
    ['first', true, false],
    ['absent', false, true],
    ['last', true, false],
  ])
  const scans = await scanners.scan(['last', 'absent', 'first'], heldFile('a', eicar), live)
  const told = scans.map(({ scanner, result }) => [scanner, result])
  t.same(told, [
    ['last', 'infected'],
    ['absent', 'unscanned'],
    ['first', 'infected'],
  ])
  t.same(await scanners.scan([], heldFile('a'), live), [])
  await t.rejects(scanners.scan(['first', 'nobody'], heldFile('a'), live), /no scanner is named nobody/)
  let reading = 0
  const broken = { ...heldFile('a', Buffer.alloc(100_000)), chunks: () => read() }
  async function* read(): AsyncGenerator<Buffer> {
    reading += 1
    try {
      yield Buffer.alloc(10)
      await sleep(10)
      throw new Error('the disk is gone')
    } finally {
      reading -= 1
    }
  }
  await t.rejects(scanners.scan(['first', 'last'], broken, live), /the disk is gone/)
  t.equal(reading, 0, 'when it rejects, nobody reads')
  const gone = new Error('gone')
  await t.rejects(scanners.scan(['first', 'last'], heldFile('a'), AbortSignal.abort(gone)), gone)
  const unusable = { ...settings, type: 'yara', files: ['/nowhere/*.yar'], largest: 1, archives: 'ignore' } as const
  await t.rejects(openScanners({ ...configurations, rules: unusable }, dependencies), { message: /^scanner rules: / })
})

const settings = {
  timeout: 10_000,
  concurrent: 2,
  queue: 10,
  wait: 5000,
  probe: 300_000,
  signatureAge: null,
  readiness: 'report',
} as const

async function guarded(t: Parameters<typeof startClamd>[0], address: Parameters<typeof openClamd>[0]['address']) {
  const metrics = createMetrics({ version: '1' })
  const lines: [string, object][] = []
  const write = (fields: object, message: string): void => void lines.push([message, fields])
  const scanner = await openClamd({ address, connect: 2000, connections: 4 })
  const log = { info: write, warn: write, error: write }
  const dependencies = {
    kind: 'clamd',
    target: '',
    need: usual,
    depth: 0,
    outdated: () => null,
    cache: createVerdictCache(null),
    metrics,
    log,
  } as const
  const guard = guardScanner('clamav', scanner, settings, dependencies)
  t.teardown(async () => {
    await guard.close()
    metrics.stop()
  })
  return { guard, lines }
}
