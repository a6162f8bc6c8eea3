import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { createMetrics } from '../../src/metrics/registry.ts'
import { cacheKey, createVerdictCache } from '../../src/path/5-inspection/scanners/cache/verdict-cache.ts'
import { type ScanFault, scanFaults, unscanned } from '../../src/path/5-inspection/scanners/faults.ts'
import { type GuardDependencies, guardScanner } from '../../src/path/5-inspection/scanners/guard.ts'
import { formsFor, probeEdge } from '../../src/path/5-inspection/scanners/probe/edge.ts'
import type { Sample } from '../../src/path/5-inspection/scanners/probe/sample.ts'
import type { Findings } from '../../src/path/5-inspection/scanners/probe/showing.ts'
import type { Asking, ScanAnswer, ScannedFile } from '../../src/path/5-inspection/scanners/scanner.ts'
import type { GuardSettings } from '../../src/path/5-inspection/scanners/settings.ts'
import { createSlots } from '../../src/slots.ts'
import { type FakeScanner, fakeScanner, hang, heldFile, honest, takeAll } from '../support/fake-scanner.ts'

const usual: GuardSettings = {
  timeout: 1000,
  concurrent: 2,
  queue: 2,
  wait: 500,
  probe: 300_000,
  signatureAge: null,
  readiness: 'report',
}

const live = new AbortController().signal
const need = { size: 8192, depth: 2 }

type Line = readonly [level: string, message: string, fields: object]

interface Teardown {
  teardown(end: () => unknown): unknown
}

interface Setting {
  readonly fake?: Partial<Pick<FakeScanner, 'answer' | 'probed' | 'versions'>>
  readonly settings?: Partial<GuardSettings>
  readonly over?: Partial<GuardDependencies>
  /** Whether the first probe is waited for. */
  readonly probed?: boolean
}

async function guarded(t: Teardown, { fake = {}, settings = {}, over = {}, probed = true }: Setting = {}) {
  const scanner = fakeScanner({ answer: taking({ result: 'clean' }), ...fake })
  const metrics = createMetrics({ version: '1' })
  const lines: Line[] = []
  const write = (level: string) => (fields: object, message: string) => void lines.push([level, message, fields])
  const log = { info: write('info'), warn: write('warn'), error: write('error') }
  const cache = createVerdictCache(null)
  const dependencies = {
    kind: 'clamd',
    target: 'here',
    need,
    depth: 0,
    outdated: () => null,
    cache,
    metrics,
    log,
    ...over,
  } as const
  const guard = guardScanner('clamav', scanner, { ...usual, ...settings }, dependencies)
  t.teardown(async () => {
    await guard.close()
    metrics.stop()
  })
  if (probed) await guard.probe(live)
  await flush()
  const value = async (name: string): Promise<number | undefined> => {
    guard.collect()
    const line = (await metrics.render()).split('\n').find((text) => text.startsWith(`${name} `))
    return line === undefined ? undefined : Number(line.split(' ').at(-1))
  }
  return { guard, scanner, lines, value, cache }
}

/** Takes the file and answers. */
function taking(answer: ScanAnswer): (file: ScannedFile, asking: Asking) => Promise<ScanAnswer> {
  return async (file, asking) => {
    await takeAll(file, asking)
    return answer
  }
}

async function flush(): Promise<void> {
  for (let index = 0; index < 20; index++) await turn()
}

/** Moves the clock in small steps, with time for what waits in between. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 500) {
    mock.timers.tick(Math.min(500, left))
    await flush()
  }
}

function frozen(t: Teardown): void {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_800_000_000_000 })
  t.teardown(() => mock.timers.reset())
}

t.test('what a scanner says becomes a scan, each fault with the reason that policies know', async (t) => {
  const faults = Object.keys(scanFaults) as ScanFault[]
  const cases: [string, ScanAnswer, object][] = [
    ['clean', { result: 'clean' }, { result: 'clean' }],
    ['allowed', { result: 'allowed' }, { result: 'allowed' }],
    ['infected', { result: 'infected', signature: 'X' }, { result: 'infected', signature: 'X' }],
    ...faults.map((fault): [string, ScanAnswer, object] => {
      const { reason, detail } = scanFaults[fault]
      return [fault, unscanned(fault), { result: 'unscanned', reason, detail }]
    }),
  ]
  for (const [name, answer, expected] of cases) {
    const { guard, value } = await guarded(t, { fake: { answer: taking(answer) } })
    const scan = await guard.ask(heldFile('a.pdf'), live)
    t.match(scan, { ...expected, scanner: 'clamav', version: 'Fake 1', depth: 2, cached: false }, name)
    t.equal(typeof scan.duration, 'number')
    const label = 'reason' in expected ? expected.reason : name
    t.equal(await value(`sluice_scanner_scans_total{scanner="clamav",result="${label}"}`), 1, name)
    const counted = answer.result === 'unscanned' ? 1 : undefined
    t.equal(await value(`sluice_scanner_faults_total{scanner="clamav",fault="${name}"}`), counted, name)
  }
})

t.test('a scanner is believed only as far as it looked', async (t) => {
  const old = () => ({ version: 'Fake 1', signaturesAt: Date.now() - 1000 * 60 * 60 * 24 * 9 })
  const unknown = () => ({ version: 'Fake 1', signaturesAt: null })
  const blind = async (): Promise<ScanAnswer> => ({ result: 'clean' })
  const paranoid = taking({ result: 'infected', signature: 'All' })
  /** As a clamd does with more than MaxFileSize. */
  const short = async (file: ScannedFile, asking: Asking): Promise<ScanAnswer> => {
    const content = await takeAll(file, asking)
    return content.length <= 5000 ? honest(file, { ...asking, taken: () => {} }) : { result: 'clean' }
  }
  /** As gateways in the cloud do. */
  const start = async (file: ScannedFile, asking: Asking): Promise<ScanAnswer> => {
    const content = await takeAll(file, asking)
    return honest({ ...file, ...heldFile(file.name, content.subarray(0, 5000)) }, { ...asking, taken: () => {} })
  }
  const early = (): ScanAnswer => ({ result: 'clean' })
  const large = heldFile('large', Buffer.alloc(4097))
  const age = { signatureAge: 1000 * 60 * 60 * 24 * 7 }
  const cases: [string, Setting, ScannedFile, string | null][] = [
    ['all of it', {}, heldFile('a'), null],
    ['an empty file', { fake: { answer: early } }, heldFile('a', ''), null],
    ['an answer before the end', { fake: { answer: early } }, heldFile('a'), 'partial'],
    ['as large as a policy allows', {}, heldFile('a', Buffer.alloc(8192)), null],
    ['larger than any policy allows', {}, heldFile('a', Buffer.alloc(8193)), 'tooLarge'],
    ['up to the proven size', { fake: { probed: short } }, heldFile('a', Buffer.alloc(4096)), null],
    ['looks at the start only', { fake: { probed: start } }, large, 'tooLarge'],
    ['more than the proven size', { fake: { probed: short } }, large, 'tooLarge'],
    ['size is nothing to lists', { fake: { probed: short }, over: { kind: 'hashes' } }, large, null],
    ['old signatures', { fake: { versions: old }, settings: age }, heldFile('a'), 'stale'],
    ['signatures of unknown age', { fake: { versions: unknown }, settings: age }, heldFile('a'), 'stale'],
    ['any age', { fake: { versions: old } }, heldFile('a'), null],
    ['misses the test file', { fake: { probed: blind } }, heldFile('a'), 'unavailable'],
    ['finds it everywhere', { fake: { probed: paranoid } }, heldFile('a'), 'unavailable'],
  ]
  for (const [name, setting, file, reason] of cases) {
    const { guard, scanner } = await guarded(t, setting)
    const scan = await guard.ask(file, live)
    t.match(scan, reason === null ? { result: 'clean' } : { result: 'unscanned', reason }, name)
    scanner.answer = taking({ result: 'infected', signature: 'X' })
    t.match(
      await guard.ask(heldFile('b'), live),
      { result: 'infected', signature: 'X' },
      `${name}: what it found stays`,
    )
  }
})

t.test('deadlines', async (t) => {
  frozen(t)
  const stuck = async (_: ScannedFile, asking: Asking) => {
    asking.taken(1)
    return hang(asking)
  }
  const silent = async (file: ScannedFile, asking: Asking) => {
    await takeAll(file, asking)
    return hang(asking)
  }
  const deaf = () => new Promise<never>(() => {})
  for (const [name, answer, detail, after] of [
    ['stops taking', stuck, scanFaults.hung.detail, 1000],
    ['gives no answer', silent, scanFaults.timeout.detail, 1000],
    ['does not heed its signal', deaf, scanFaults.hung.detail, 2000],
  ] as const) {
    const { guard, scanner } = await guarded(t, { fake: { answer } })
    const asked = guard.ask(heldFile('a'), live)
    await flush()
    await pass(after)
    t.match(await asked, { result: 'unscanned', reason: 'timeout', detail }, name)
    t.same(scanner.asked, ['a'])
  }
})

t.test('clients that go and files that cannot be read', async (t) => {
  const leaving = new AbortController()
  const gone = new Error('gone')
  const { guard } = await guarded(t, { fake: { answer: (_, asking) => hang(asking) }, settings: { concurrent: 1 } })
  const asked = [guard.ask(heldFile('a'), leaving.signal), guard.ask(heldFile('b'), leaving.signal)]
  await flush()
  leaving.abort(gone)
  for (const one of asked) await t.rejects(one, gone, 'with the reason, whether asked about or waiting')
  await t.rejects(guard.ask(heldFile('c'), leaving.signal), gone)
  const broken = { ...heldFile('d'), chunks: () => read() }
  async function* read(): AsyncGenerator<Buffer> {
    yield Buffer.from('a part')
    throw new Error('the disk is gone')
  }
  const other = await guarded(t)
  for (let index = 0; index < 6; index++) await t.rejects(other.guard.ask(broken, live), /the disk is gone/)
  t.match(await other.guard.ask(heldFile('e'), live), { result: 'clean' }, 'that is no failure of the scanner')
})

t.test('so many at a time, so many waiting, for so long', async (t) => {
  frozen(t)
  const open: (() => void)[] = []
  const answer = (file: ScannedFile, asking: Asking) =>
    new Promise<ScanAnswer>((resolve) => {
      asking.taken(file.size)
      open.push(() => resolve({ result: 'clean' }))
    })
  const { guard, scanner, value } = await guarded(t, { fake: { answer }, settings: { timeout: 60_000 } })
  const leaving = new AbortController()
  const ask = (name: string) => guard.ask(heldFile(name), name === 'leaves' ? leaving.signal : live)
  const [first, , leaves, waits] = ['a', 'b', 'leaves', 'waits'].map(ask)
  await flush()
  t.match(await ask('too many'), { reason: 'unavailable', detail: scanFaults.queue.detail })
  t.equal(await value('sluice_scanner_active_files{scanner="clamav"}'), 2)
  t.equal(await value('sluice_scanner_queue_files{scanner="clamav"}'), 2)
  leaving.abort(new Error('gone'))
  await t.rejects(async () => leaves, /gone/)
  t.equal(await value('sluice_scanner_queue_files{scanner="clamav"}'), 1, 'one that has gone takes no place')
  open.shift()?.()
  t.match(await first, { result: 'clean' })
  const late = ask('late')
  await flush()
  t.same(scanner.asked, ['a', 'b', 'waits'])
  await pass(500)
  t.match(await late, { reason: 'unavailable', detail: scanFaults.queue.detail }, 'waited too long')
  for (const answered of open) answered()
  t.match(await waits, { result: 'clean' })
  t.equal(await value('sluice_scanner_active_files{scanner="clamav"}'), 0)
})

t.test('slots are neither lost nor made up', async (t) => {
  const slots = createSlots(3, 1000)
  let most = 0
  const work = async (index: number): Promise<void> => {
    const leaving = new AbortController()
    const slot = slots.take({ wait: 10_000, signal: leaving.signal })
    if (index % 3 === 0) leaving.abort(new Error('gone'))
    if (!(await slot.catch(() => false))) return
    most = Math.max(most, slots.active)
    await turn()
    slots.free()
  }
  await Promise.all(Array.from({ length: 300 }, (_, index) => work(index)))
  t.same([most, slots.active, slots.waiting], [3, 0, 0])
})

t.test('a scanner that fails is left alone, tried with a file of our own, and asked again', async (t) => {
  frozen(t)
  let failing = true
  const answer = async (file: ScannedFile, asking: Asking): Promise<ScanAnswer> =>
    failing ? unscanned('refused') : honest(file, asking)
  const { guard, scanner, value, lines } = await guarded(t, { fake: { answer } })
  scanner.probed = answer
  t.equal(await value('sluice_scanner_up{scanner="clamav"}'), 1)
  scanner.answer = taking(unscanned('sizeLimit'))
  for (let index = 0; index < 9; index++) await guard.ask(heldFile('a'), live)
  t.equal(guard.health().circuit, 'closed', 'what speaks of the file does not count')
  scanner.answer = answer
  for (let index = 0; index < 5; index++)
    t.equal(guard.health().circuit, 'closed', await named(guard.ask(heldFile('a'), live)))
  t.match(guard.health(), { circuit: 'open', up: false, detail: scanFaults.circuit.detail })
  t.equal(await value('sluice_scanner_circuit_open{scanner="clamav"}'), 1)
  scanner.asked.length = 0
  t.match(await guard.ask(heldFile('b'), live), { reason: 'unavailable', detail: scanFaults.circuit.detail })
  let trials = 0
  scanner.probed = (file, asking) => {
    trials += 1
    return answer(file, asking)
  }
  for (const [seconds, expected] of [
    [4, 0],
    [2, 1],
    [8, 1],
    [2, 2],
    [18, 2],
    [3, 3],
  ] as const) {
    await pass(seconds * 1000)
    t.equal(trials, expected, `trials after ${seconds} s more`)
  }
  t.same(scanner.asked, [], 'no upload pays for them')
  failing = false
  await pass(41_000)
  t.match(guard.health(), { circuit: 'closed', up: true })
  t.ok(trials > 4, 'and it is probed anew')
  t.match(await guard.ask(heldFile('c'), live), { result: 'clean' })
  t.same(
    lines.map(([, message]) => message),
    [
      'a scanner does not answer its probe as it must',
      'a scanner is up',
      'a scanner is down: it failed repeatedly and is not asked for a while',
      'a scanner is up',
    ],
    'one line for each change',
  )
})

async function named(scan: Promise<{ result: string }>): Promise<string> {
  return (await scan).result
}

t.test('what the probe finds is told, and found out anew', async (t) => {
  frozen(t)
  let sees = 3000
  const probed = async (file: ScannedFile, asking: Asking): Promise<ScanAnswer> => {
    const content = await takeAll(file, asking)
    return content.length <= sees || file.name === 'nested.zip' ? honest(file, asking) : { result: 'clean' }
  }
  const { guard, value, lines } = await guarded(t, { fake: { probed }, over: { need: { size: 100_000, depth: 9 } } })
  const { probe, up } = guard.health()
  t.equal(up, true, 'a limit is no fault')
  t.match(probe, { provenSize: 68, error: null, encrypted: 'silent' })
  t.same(
    probe?.cases.map((shown) => [shown.case, shown.ok]),
    [
      ['clean', true],
      ['eicar', true],
      ['nested', true],
      ['edge', false],
      ['encrypted', false],
    ],
  )
  for (const [name, expected] of [
    ['proven_bytes{scanner="clamav"}', 68],
    ['proven_archive_depth{scanner="clamav"}', 9],
    ['probe_success{scanner="clamav",case="edge"}', 0],
    ['probe_success{scanner="clamav",case="eicar"}', 1],
    ['probe_timestamp_seconds{scanner="clamav"}', 1_800_000_000],
    ['signatures_timestamp_seconds{scanner="clamav"}', 1_800_000_000],
  ] as const)
    t.equal(await value(`sluice_scanner_${name}`), expected, name)
  sees = 70_000
  await pass(331_000)
  t.match(guard.health().probe, { provenSize: 65_536 }, 'on the timer')
  sees = 10
  await pass(331_000)
  t.match(guard.health(), { up: false, detail: /EICAR test file is not found/ })
  t.match(lines.at(-1), ['error', 'a scanner is down: what it calls clean is unscanned', { scanner: 'clamav' }])
})

t.test('a probe without an answer takes nothing back, and does not go unnoticed', async (t) => {
  frozen(t)
  const { guard, scanner } = await guarded(t)
  const proven = guard.health().probe
  t.match(proven, { provenSize: null, provenDepth: 2 })
  scanner.probed = async (): Promise<ScanAnswer> => unscanned('failed')
  await guard.probe(live)
  t.match(guard.health(), { up: false, detail: scanFaults.failed.detail, probe: { cases: [] } })
  t.match(await guard.ask(heldFile('a'), live), { result: 'clean', depth: 2 }, 'it was honest when it was last known')
  scanner.probed = honest
  await pass(33_500)
  t.match(guard.health(), { up: true }, 'it is repeated soon')
})

t.test('rules that are not in force are told of, and keep nobody from being up', async (t) => {
  const { guard } = await guarded(t, { over: { outdated: () => 'changed rules cannot be used' } })
  const detail = 'it finds the test file; not: encrypted; changed rules cannot be used'
  t.match(guard.health(), { up: true, outdated: 'changed rules cannot be used', detail })
})

t.test('before the first probe has ended nothing is clean, and a scanner that returns is probed', async (t) => {
  frozen(t)
  let there = false
  const versions = () => {
    if (there) return { version: 'Fake 2', signaturesAt: null }
    throw new Error('connect ECONNREFUSED')
  }
  const probed = async (file: ScannedFile, asking: Asking) => (there ? honest(file, asking) : unscanned('refused'))
  const { guard, value, lines } = await guarded(t, { fake: { versions, probed }, probed: false })
  t.match(guard.health(), {
    up: false,
    detail: 'connect ECONNREFUSED',
    version: null,
    probe: { error: /no connection/ },
  })
  t.equal(await value('sluice_scanner_up{scanner="clamav"}'), 0)
  t.match(await guard.ask(heldFile('a'), live), { reason: 'unavailable', detail: /not yet shown/ })
  there = true
  t.match(await guard.ask(heldFile('a'), live), { result: 'clean' }, 'a file waits for the probe')
  await pass(5000)
  t.match(guard.health(), { up: true, version: 'Fake 2' })
  t.equal(await value('sluice_scanner_up{scanner="clamav"}'), 1)
  const down = 'a scanner is down: what it calls clean is unscanned'
  t.match(lines.slice(0, 1), [['error', down, { reason: 'connect ECONNREFUSED' }]])
  const told = lines.map(([, message]) => message)
  t.same([told.filter((message) => message === down).length, told.at(-1)], [1, 'a scanner is up'])
})

t.test('an overloaded scanner loses nothing of what it has proven, and one that is caught lying does', async (t) => {
  frozen(t)
  const size = 100_000
  /** Answers nothing in time above so many bytes, and nothing but clean above so many. */
  let load = { busy: Infinity, blind: Infinity }
  const probed = async (file: ScannedFile, asking: Asking): Promise<ScanAnswer> => {
    if (file.size > load.busy) return unscanned('timeout')
    return file.size > load.blind ? taking({ result: 'clean' })(file, asking) : honest(file, asking)
  }
  const { guard, value } = await guarded(t, { fake: { probed }, over: { need: { size, depth: 2 } } })
  const large = heldFile('large', Buffer.alloc(size))
  t.match(await guard.ask(large, live), { result: 'clean' })
  load = { busy: 10_000, blind: Infinity }
  await guard.probe(live)
  t.match(guard.health(), { up: true, probe: { error: scanFaults.timeout.detail, missed: [] } })
  t.match(await guard.ask(heldFile('larger', Buffer.alloc(size - 1)), live), { result: 'clean', cached: false })
  t.equal(await value('sluice_scanner_proven_bytes{scanner="clamav"}'), size)
  load = { busy: 10_000, blind: 5000 }
  await pass(33_500)
  t.match(guard.health().probe, { missed: ['edge'] }, 'it is repeated soon')
  t.match(await guard.ask(heldFile('b', Buffer.alloc(50_000)), live), { result: 'unscanned', reason: 'tooLarge' })
  load = { busy: Infinity, blind: Infinity }
  await pass(33_500)
  t.match(guard.health().probe, { error: null, missed: [] })
  t.match(await guard.ask(heldFile('c', Buffer.alloc(50_000)), live), { result: 'clean' })
})

t.test('a test file is as large as a ZIP can be, and no larger file is believed', async (t) => {
  const sizes: number[] = []
  const show = async ({ head, padding, tail }: Sample): Promise<ScanAnswer> => {
    sizes.push(head.length + padding + tail.length)
    return { result: 'infected', signature: 'Eicar' }
  }
  const findings: Findings = { cases: [], provenSize: 0, provenDepth: 0, encrypted: null, missed: [], trouble: null }
  await probeEdge(show, 5 * 1024 ** 3, formsFor(true), findings)
  t.match(findings, { missed: ['edge'], provenSize: 2 ** 32 - 1, trouble: null })
  t.match(findings.cases, [{ case: 'edge', ok: false, detail: /in no larger file/ }])
  t.equal(Math.max(...sizes), 2 ** 32 - 1)
})

t.test('files that take too long, one after the other, shut nobody out while the scanner is well', async (t) => {
  frozen(t)
  const answer = async (file: ScannedFile, asking: Asking) =>
    file.name === 'bomb' ? hang(asking) : taking({ result: 'clean' })(file, asking)
  const { guard } = await guarded(t, { fake: { answer }, settings: { concurrent: 5 } })
  const bombs = Array.from({ length: 5 }, () => guard.ask(heldFile('bomb'), live))
  await flush()
  await pass(1000)
  for (const bomb of bombs) t.match(await bomb, { reason: 'timeout' })
  t.match(guard.health(), { circuit: 'closed', up: true })
  t.match(await guard.ask(heldFile('a'), live), { result: 'clean' })
})

t.test('an answer is of the scanner as it was when it was asked', async (t) => {
  let ready = (): void => {}
  const release = () => new Promise<void>((resolve) => (ready = resolve))
  const answer = async (file: ScannedFile, asking: Asking): Promise<ScanAnswer> => {
    await takeAll(file, asking)
    await release()
    return { result: 'clean' }
  }
  const short = async (file: ScannedFile, asking: Asking) =>
    file.size > 4096 || file.name === 'nested.zip' ? taking({ result: 'clean' })(file, asking) : honest(file, asking)
  const blind = taking({ result: 'clean' })
  for (const [name, before, after, expected] of [
    ['a limit that was lifted', short, honest, { result: 'unscanned', reason: 'tooLarge', depth: 0 }],
    ['a limit that came', honest, short, { result: 'unscanned', reason: 'tooLarge', depth: 0 }],
    ['one that saw nothing', blind, honest, { result: 'unscanned', reason: 'unavailable' }],
  ] as const) {
    const { guard, scanner } = await guarded(t, { fake: { answer, probed: before } })
    const asked = guard.ask(heldFile('a', Buffer.alloc(5000)), live)
    await flush()
    scanner.probed = after
    await guard.probe(live)
    ready()
    t.match(await asked, expected, name)
  }
})

t.test('the age of signatures counts even where the version cannot be had', async (t) => {
  frozen(t)
  const days = (count: number): number => count * 24 * 60 * 60 * 1000
  let signaturesAt: number | null = Date.now()
  const versions = () => {
    if (signaturesAt === null) throw new Error('no version to be had')
    return { version: 'Fake 1', signaturesAt }
  }
  const settings = { signatureAge: days(7) }
  const { guard, lines } = await guarded(t, { fake: { versions }, settings })
  t.match(await guard.ask(heldFile('a'), live), { result: 'clean' })
  signaturesAt = null
  await guard.probe(live)
  t.match(await guard.ask(heldFile('b'), live), { result: 'clean' }, 'they were new when it was last asked')
  mock.timers.setTime(Date.now() + days(8))
  t.match(await guard.ask(heldFile('c'), live), { result: 'unscanned', reason: 'stale' })
  signaturesAt = Date.now() + days(2)
  await guard.probe(live)
  t.match(await guard.ask(heldFile('d'), live), { reason: 'stale', detail: /in the future/ })
  t.match(guard.health(), { up: false, cause: 'future' })
  const down = lines.filter(([level]) => level === 'error')
  t.match(down, [
    ['error', /when it is probed or asked for its version/, { reason: 'no version to be had' }],
    [
      'error',
      'a scanner is down: what it calls clean is unscanned',
      { reason: /8 days, at most 7 days|in the future/ },
    ],
  ])
  const fresh = () => ({ version: 'Fake 1', signaturesAt: Date.now() })
  const early = await guarded(t, { fake: { versions: fresh }, settings, probed: false })
  t.match(await early.guard.ask(heldFile('e'), live), { result: 'clean' }, 'a file waits for the first version')
  signaturesAt = null
  const never = await guarded(t, { fake: { versions }, settings })
  t.match(await never.guard.ask(heldFile('f'), live), { reason: 'stale', detail: /does not say/ })
  t.match(never.guard.health(), { up: false, cause: 'unproven', detail: 'no version to be had' })
  const ageless = () => ({ version: 'Fake 1', signaturesAt: null })
  const silent = await guarded(t, { fake: { versions: ageless }, settings })
  t.match(silent.guard.health(), { up: false, cause: 'ageless', detail: /does not say how old/ })
  t.equal(await silent.value('sluice_scanner_up{scanner="clamav"}'), 0)
})

t.test('the version is asked for again and again, and a hanging answer is left behind', async (t) => {
  frozen(t)
  let version = 'Fake 1'
  const { guard, scanner, lines } = await guarded(t, { fake: { versions: () => ({ version, signaturesAt: null }) } })
  version = 'Fake 2'
  await pass(30_500)
  t.match(await guard.ask(heldFile('a'), live), { version: 'Fake 2' })
  scanner.version = () => new Promise(() => {})
  await pass(36_000)
  t.match(guard.health(), { up: false, detail: 'it does not say its version in time', version: 'Fake 2' })
  t.equal(lines.at(-1)?.[0], 'error')
})

t.test('the same bytes are not shown twice to the same version', async (t) => {
  let version: string | null = 'Fake 1'
  const { guard, scanner, value, cache } = await guarded(t, {
    fake: { versions: () => ({ version, signaturesAt: Date.now() }) },
  })
  const twice = async (name: string): Promise<(boolean | string)[]> => {
    const scans = [await guard.ask(heldFile(name), live), await guard.ask(heldFile(name), live)]
    return scans.flatMap(({ result, cached }) => [result, cached])
  }
  t.same(await twice('a'), ['clean', false, 'clean', true])
  scanner.answer = taking({ result: 'infected', signature: 'Näme [1]' })
  t.same(await twice('b'), ['infected', false, 'infected', true])
  t.match(await guard.ask(heldFile('b'), live), { signature: 'Näme [1]', cached: true, version: 'Fake 1', depth: 2 })
  scanner.answer = taking(unscanned('incomplete'))
  t.same(await twice('c'), ['unscanned', false, 'unscanned', false], 'what is not known is asked again')
  t.equal(await value('sluice_scanner_cache_requests_total{scanner="clamav",result="memory"}'), 3)
  t.equal(await value('sluice_scanner_cache_requests_total{scanner="clamav",result="absent"}'), 4)
  t.equal(await value('sluice_scanner_scan_duration_seconds_count{scanner="clamav"}'), 4, 'cached answers left out')
  for (const value of ['', 'clean\n', 'infected', 'infected ', 'infected a\u0007', `infected ${'x'.repeat(201)}`, '{}'])
    t.match(
      await createVerdictCache(shared(value)).find('k'),
      { answer: null, result: 'absent' },
      JSON.stringify(value),
    )
  t.match(await createVerdictCache(shared('infected X')).find('k'), { answer: { signature: 'X' }, result: 'redis' })
  t.match(await createVerdictCache(shared(new Error('no'))).find('k'), { answer: null, result: 'failed' })
  const scope = { scanner: 'a', kind: 'clamd', target: 'x', version: '1', largest: 10, depth: 1 }
  const keys = [
    scope,
    { ...scope, scanner: 'b' },
    { ...scope, target: 'y' },
    { ...scope, version: '2' },
    { ...scope, largest: 9 },
    { ...scope, depth: 0 },
  ]
  t.equal(new Set(keys.map((one) => cacheKey(one, 'f'))).size, keys.length, 'each of these makes another answer')
  t.match(cacheKey(scope, 'f'), /^sluice:scan:1:a:[0-9a-f]{32}:f$/)
  await cache.close()
})

function shared(value: string | Error) {
  const get = async (): Promise<string> => {
    if (value instanceof Error) throw value
    return value
  }
  return { get, set: async () => {}, close: async () => {} }
}

t.test(
  'answers that depend on what has changed meanwhile are not kept, nor those of a scanner that is not believed',
  async (t) => {
    let version: string | null = 'Fake 1'
    const answer = taking({ result: 'infected', signature: 'X' })
    const { guard, scanner } = await guarded(t, { fake: { answer, versions: () => ({ version, signaturesAt: null }) } })
    scanner.probed = async () => ({ result: 'clean' })
    await guard.probe(live)
    await guard.ask(heldFile('a'), live)
    t.match(await guard.ask(heldFile('a'), live), { result: 'infected', cached: false }, 'misses its test file')
    version = null
    const other = await guarded(t, { fake: { answer, versions: () => ({ version, signaturesAt: null }) } })
    await other.guard.ask(heldFile('a'), live)
    t.match(await other.guard.ask(heldFile('a'), live), { cached: false, version: null }, 'does not tell its version')
  },
)

t.test('all series are there from the start, and gauges go with the scanner', async (t) => {
  const metrics = createMetrics({ version: '1' })
  t.teardown(metrics.stop)
  const silent = { info() {}, warn() {}, error() {} }
  const dependencies = {
    kind: 'yara',
    target: '',
    need,
    depth: 0,
    outdated: () => null,
    cache: createVerdictCache(null),
    metrics,
    log: silent,
  } as const
  const scanner = fakeScanner()
  const guard = guardScanner('rules', scanner, usual, dependencies)
  guard.collect()
  const text = await metrics.render()
  for (const name of [
    'scans_total{scanner="rules",result="stale"}',
    'faults_total{scanner="rules",fault="flood"}',
    'up{scanner="rules"}',
    'probe_success{scanner="rules",case="edge"}',
  ])
    t.match(text, `sluice_scanner_${name} 0\n`)
  t.notMatch(text, 'case="nested"', 'what opens nothing is shown no archives')
  await guard.close()
  t.equal(scanner.closed, true)
  t.notMatch(await metrics.render(), /sluice_scanner_(up|proven_bytes|queue_files)\{/)
})
