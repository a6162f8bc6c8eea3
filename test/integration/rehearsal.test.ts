import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { formatFault } from '../../src/config/fault.ts'
import { loadConfiguration } from '../../src/config/load.ts'
import type { Snapshot } from '../../src/config/snapshot.ts'
import { packs } from '../../src/policy/packs.ts'
import { planCases } from '../../src/rehearsal/plan/plan.ts'
import { rehearseInProcess } from '../../src/rehearsal/run/in-process.ts'
import type { CaseResult } from '../../src/rehearsal/run/run-cases.ts'
import { readSuite } from '../../src/rehearsal/suite/read-suite.ts'
import { starterSuites } from '../../src/rehearsal/suite/starters.ts'

type Sections = Readonly<Record<string, unknown>>

const routes = [
  { path: '/claims/*/files', methods: ['POST'], upstream: 'backend', policy: 'files' },
  { path: '/**', upstream: 'backend' },
]

/** Nothing of it may be touched: no port is open where the upstream is, and the folders do not exist. */
function snapshotOf(folder: string, policy: Sections, over: Sections = {}): Snapshot {
  const file = join(folder, 'sluice.yaml')
  const sections = {
    version: 1,
    listeners: [{ address: '127.0.0.1:1' }],
    operations: { address: '127.0.0.1:2' },
    hold: { spool: { directory: '/nonexistent/spool' } },
    audit: { file: '/nonexistent/audit.jsonl' },
    limits: { few: { key: 'client', rate: '1/h' } },
    upstreams: { backend: { urls: ['http://127.0.0.1:3'], health: {} } },
    policies: { files: policy },
    routes: [{ ...routes[0], limits: ['few'] }, routes[1]],
  }
  writeFileSync(file, stringify({ ...sections, ...over }))
  const loaded = loadConfiguration(file, {})
  if (!loaded.ok) throw new Error(loaded.faults.map(formatFault).join('\n'))
  return loaded.snapshot
}

interface Rehearsed {
  readonly results: readonly CaseResult[]
  readonly failures: readonly string[]
}

async function rehearse(files: readonly string[], snapshot: Snapshot, enforce = false): Promise<Rehearsed> {
  const suites = files.map((file) => {
    const reading = readSuite(file, {})
    if (!reading.ok) throw new Error(reading.faults.map(formatFault).join('\n'))
    return reading.suite
  })
  const { cases, obstacles } = planCases(suites, snapshot)
  if (obstacles.length > 0) throw new Error(obstacles.join('\n'))
  const results = await rehearseInProcess(snapshot, cases, { scanners: true, enforce, onResult() {} })
  const failures = results.flatMap(({ name, differences }) =>
    differences.map(({ what, expected, found }) => `${name}: ${what}: expected ${expected}, found ${found}`),
  )
  return { results, failures }
}

function suiteOf(folder: string, cases: readonly Sections[], top: Sections = { policy: 'files' }): string {
  const file = join(folder, 'suite.yaml')
  writeFileSync(file, stringify({ version: 1, owner: 'tests@example.com', ...top, cases }))
  return file
}

const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('sluice-rehearsal-'))

for (const pack of Object.keys(packs)) {
  t.test(`the starter suite of ${pack} holds for a configuration that just extends it`, async (t) => {
    const snapshot = snapshotOf(t.testdir(), { extends: pack })
    const suites = starterSuites(snapshot)
    t.match(suites, [new RegExp(`/config/rehearsals/${pack}\\.yaml$`)])
    const before = leftovers()
    const { results, failures } = await rehearse(suites, snapshot)
    t.same(failures, [])
    t.ok(results.length >= 12)
    t.ok(results.every(({ result }) => result === 'passed'))
    t.ok(results.every(({ policy }) => policy === 'files'))
    t.same(leftovers(), before, 'nothing is left behind')
  })
}

t.test('a wrong expectation fails, whatever it is about, and names the request', async (t) => {
  const folder = t.testdir()
  const png = { make: 'png', name: 'a.png' }
  const bad = { make: 'exe', name: 'bad.png' }
  const rows: readonly (readonly [what: string, one: Sections])[] = [
    ['outcome: expected refused, found released', { files: [png], expect: { outcome: 'refused' } }],
    ['outcome: expected relayed, found released', { files: [png], expect: { outcome: 'relayed' } }],
    ['outcome: expected released, found refused', { files: [bad], expect: { outcome: 'released' } }],
    ['outcome: expected released, found relayed', { request: { method: 'GET' }, expect: { outcome: 'released' } }],
    [
      'problems: expected file.size, found file.type.mismatch',
      { files: [bad], expect: { outcome: 'refused', problems: ['file.size'] } },
    ],
    [
      'problems: expected file.size among them, found file.type.mismatch',
      { files: [bad], expect: { outcome: 'refused', problems: { includes: ['file.size'] } } },
    ],
    ['status: expected 413, found 415', { files: [bad], expect: { outcome: 'refused', status: 413 } }],
    [
      'backend: expected the files "b.png", found "a.png"',
      { files: [png], expect: { outcome: 'released', arrives: ['b.png'] } },
    ],
  ]
  const cases = rows.map(([, one], index) => ({ name: `case ${index}`, ...one }))
  const { results, failures } = await rehearse([suiteOf(folder, cases)], snapshotOf(folder, { extends: 'images' }))
  rows.forEach(([what], index) => {
    t.ok(
      failures.some((failure) => failure.startsWith(`case ${index}: ${what}`)),
      `${what}\n${failures.join('\n')}`,
    )
    t.match(results[index], { result: 'failed', requestId: /^[0-9a-f-]{36}$/ })
  })
})

t.test('what is stripped, rewritten, raw, or kept for review', async (t) => {
  const folder = t.testdir()
  const cases = [
    {
      name: 'stripped',
      fields: { title: 'stays' },
      files: [
        { make: 'png', name: 'a.png' },
        { make: 'exe', name: 'b.png' },
      ],
      expect: { outcome: 'stripped', problems: ['file.type.mismatch'], arrives: ['a.png'] },
    },
  ]
  const strip = snapshotOf(folder, { extends: 'images', onRefused: 'strip' })
  t.same((await rehearse([suiteOf(folder, cases)], strip)).failures, [])
  const photograph = [
    { name: 'without its comment', files: [{ make: 'png', size: '4KiB' }], expect: { outcome: 'released' } },
  ]
  const bare = snapshotOf(folder, { extends: 'images', files: { image: { metadata: 'strip' } } })
  t.same((await rehearse([suiteOf(folder, photograph)], bare)).failures, [])
  const raw = [
    { name: 'raw', body: { make: 'jpeg', name: 'a.jpg' }, expect: { outcome: 'released' } },
    {
      name: 'raw and bad',
      body: { make: 'exe', name: 'a.jpg' },
      expect: { outcome: 'refused', problems: ['file.type.mismatch'] },
    },
  ]
  const put = [{ path: '/photos/*', methods: ['PUT'], upstream: 'backend', policy: 'files', host: '*.example.com' }]
  const rawPolicy = { extends: 'images', request: { channels: ['raw'] } }
  t.same((await rehearse([suiteOf(folder, raw)], snapshotOf(folder, rawPolicy, { routes: put }))).failures, [])
  const kept = snapshotOf(
    folder,
    { extends: 'images', onRefused: 'quarantine' },
    {
      quarantine: { directory: '/nonexistent/quarantine', encrypt: 'x'.repeat(32) },
      ledger: { file: '/nonexistent/ledger.jsonl' },
    },
  )
  const refused = [{ name: 'kept', files: [{ make: 'exe', name: 'b.png' }], expect: { outcome: 'refused' } }]
  t.same((await rehearse([suiteOf(folder, refused)], kept)).failures, [])
})

t.test('report mode refuses nothing, unless it is rehearsed as if it did', async (t) => {
  const folder = t.testdir()
  const cases = [{ name: 'bad', files: [{ make: 'exe', name: 'b.png' }], expect: { outcome: 'refused' } }]
  const snapshot = snapshotOf(folder, { extends: 'images', mode: 'report' })
  const suite = suiteOf(folder, cases)
  t.match((await rehearse([suite], snapshot)).failures, [/^bad: outcome: expected refused, found released/])
  t.same((await rehearse([suite], snapshot, true)).failures, [])
})

t.test(
  'suites of packs follow the policy: required fields are added, types that it does not take are skipped',
  async (t) => {
    const folder = t.testdir()
    const snapshot = snapshotOf(folder, {
      extends: 'images',
      fields: { require: ['claim_id'] },
      files: { types: ['png'] },
    })
    const { results, failures } = await rehearse(starterSuites(snapshot), snapshot)
    t.same(failures, [])
    t.ok(results.some(({ result, skipped }) => result === 'skipped' && skipped === 'files does not take jpeg'))
    t.ok(results.filter(({ result }) => result === 'passed').length >= 5)
  },
)

t.test('what keeps a suite from being sent is told', (t) => {
  const folder = t.testdir()
  const one = { name: 'a', files: [{ make: 'png' }], expect: { outcome: 'released' } }
  const obstacles = (top: Sections, over: Sections = {}): readonly string[] => {
    const reading = readSuite(suiteOf(folder, [one], top), {})
    return reading.ok
      ? planCases([reading.suite], snapshotOf(folder, { extends: 'images' }, over)).obstacles
      : ['faulty']
  }
  t.match(obstacles({ policy: 'other' }), [/has no policy other$/])
  t.match(obstacles({ pack: 'documents' }), [/no policy of the configuration takes forms and extends documents$/])
  t.match(obstacles({ policy: 'files' }, { routes: [routes[1]] }), [/no route leads uploads to the policy files$/])
  t.same(obstacles({ pack: 'images' }), [])
  const reading = readSuite(suiteOf(folder, [one]), {})
  t.match(reading.ok && planCases([reading.suite], null).obstacles, [/name the configuration with -c/])
  t.end()
})

t.test('no service of the configuration is reached', async (t) => {
  const folder = t.testdir()
  const visits: string[] = []
  const real = createServer((request, response) => {
    visits.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => real.listen(0, '127.0.0.1', resolve))
  t.teardown(() => real.close())
  const address = real.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const upstreams = { backend: { urls: [`http://127.0.0.1:${port}`], health: { every: '10ms' } } }
  const snapshot = snapshotOf(
    folder,
    { extends: 'images' },
    { upstreams, state: { redis: `redis://127.0.0.1:${port}` } },
  )
  t.same((await rehearse(starterSuites(snapshot), snapshot)).failures, [])
  t.same(visits, [])
})
