import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import type { ChangeOutcome } from '../../src/changes/outcome.ts'
import type { Application } from '../../src/changes/request.ts'
import { hashOf } from '../../src/config/snapshot.ts'
import { type Bench, benchOf, folderOf, requests, type Test, textOf, until } from '../support/changes-bench.ts'

const by = { who: 'ada', why: 'larger photographs' }
const hour = 3_600_000
const application: Application = {
  ...by,
  text: textOf('2MiB'),
  expected: 'fewer refusals',
  window: hour,
  trial: null,
  guards: [],
}
const back = { who: 'bob', why: 'too large', number: null, window: hour }

function idsOf(outcome: ChangeOutcome): readonly string[] {
  return outcome.outcome === 'refused' ? outcome.violations.map(({ id }) => id.replace('configuration.', '')) : []
}

/** The same folder after the end of the gateway, however it ended. */
async function restarted(t: Test, { folder }: Pick<Bench, 'folder'>): Promise<Bench> {
  return benchOf(t, folder)
}

async function metric({ metrics }: Bench, name: string): Promise<number> {
  const [, value = ''] = new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(await metrics.render()) ?? []
  return Number(value)
}

t.test('an application is in force, in the file and on record', async (t) => {
  const bench = await benchOf(t)
  const { changes, gateway, file, folder } = bench
  chmodSync(file, 0o640)
  t.match(await changes.history(), [{ number: 1, action: 'start', who: 'sluice', before: null, expected: null }])
  t.match(changes.check({ text: application.text, guards: [] }), {
    outcome: 'fine',
    differences: [{ effect: 'loosened' }],
  })
  t.match(await changes.apply(application), {
    outcome: 'applied',
    number: 2,
    differences: [{ effect: 'loosened' }],
    trial: null,
    overwritten: null,
  })
  t.equal(gateway.loaded().material.text, application.text)
  t.equal(bench.text(), application.text)
  t.equal(statSync(file).mode & 0o777, 0o640, 'with the mode that it had')
  const entry = {
    ...by,
    number: 2,
    action: 'apply',
    before: hashOf(textOf('1MiB')),
    after: hashOf(application.text),
    differences: { loosened: 1, tightened: 0, moved: 0, changed: 0 },
    loosened: ['/claims takes files of up to 2MiB, before 1MiB'],
    expected: 'fewer refusals',
    policies: { photos: 'what the test says' },
    effect: null,
  }
  t.match((await changes.history())[1], entry)
  t.match(changes.state(), { number: 2, hash: hashOf(application.text), ...by, trial: null })
  const texts = join(folder, 'ledger.jsonl.configurations')
  t.strictSame(
    readdirSync(texts).sort(),
    [hashOf(textOf('1MiB')), hashOf(application.text)].map((h) => `${h}.yaml`).sort(),
  )
  for (const name of readdirSync(texts)) t.equal(statSync(join(texts, name)).mode & 0o777, 0o600)
  t.equal((await changes.apply(application)).outcome, 'unchanged')
  t.equal(await metric(bench, 'sluice_configuration_reloads_total{result="applied"}'), 1)
  t.equal(await metric(bench, 'sluice_configuration_reloads_total{result="unchanged"}'), 1)
  await changes.close()
  const again = await restarted(t, bench)
  t.equal((await again.changes.history()).length, 2, 'a start with what the ledger has adds nothing')
  t.match(again.changes.state(), { number: 2, ...by })
})

const described = { extends: 'images', files: { size: '2MiB' } }
const refusals: readonly (readonly [string, string, Partial<Application>, (bench: Bench) => void])[] = [
  ['faults', 'faulty', { text: textOf('2MB!') }, () => {}],
  ['no YAML', 'faulty', { text: 'a: [' }, () => {}],
  ['a policy that nobody owns', 'unaccountable', { text: textOf('', { policies: { photos: described } }) }, () => {}],
  ['another ledger', 'restart', { text: textOf('2MiB', { ledger: { file: 'other.jsonl' } }) }, () => {}],
  ['no ledger any more', 'restart', { text: textOf('2MiB', { ledger: {} }) }, () => {}],
  ['a gateway that cannot', 'unproven', {}, ({ gateway }) => void (gateway.hindrance = 'a port is in use')],
  ['a file that is away', 'file', {}, ({ file }) => rmSync(file)],
  [
    'a ledger that cannot be written',
    'failed',
    {},
    ({ folder }) => {
      rmSync(join(folder, 'ledger.jsonl'))
      mkdirSync(join(folder, 'ledger.jsonl'))
    },
  ],
  ['guards without a trial', 'guard', { guards: ['requests < 2'] }, () => {}],
  [
    'wrong guards',
    'guard guard',
    { trial: 60_000, guards: ['requests < 2%', 'refused_ratio{route="/claim"} < 2%'] },
    () => {},
  ],
  ['a trial of what the file has', 'file', { trial: 60_000 }, ({ file }) => writeFileSync(file, application.text)],
]

t.test('what cannot be applied changes nothing', async (t) => {
  for (const [name, ids, over, prepare] of refusals) {
    const bench = await benchOf(t)
    prepare(bench)
    const before = existsSync(bench.file) ? bench.text() : null
    const outcome = await bench.changes.apply({ ...application, ...over })
    t.equal(idsOf(outcome).join(' '), ids, name)
    t.equal(bench.gateway.loaded().material.text, textOf('1MiB'), `${name}: in force`)
    t.equal(existsSync(bench.file) ? bench.text() : null, before, `${name}: the file`)
    t.strictSame(
      readdirSync(bench.folder).filter((each) => each.endsWith('-new')),
      [],
      `${name}: nothing is left`,
    )
    if (ids !== 'failed') t.equal((await bench.changes.history()).length, 1, `${name}: on record`)
    t.equal(await metric(bench, 'sluice_configuration_last_reload_successful'), 0)
  }
})

t.test('owners are asked for where rules are enforced, in all policies at once', async (t) => {
  const { changes } = await benchOf(t)
  const [one, two] = [
    { ...described, mode: 'report', rules: {} },
    { ...described, owner: 'x@example.com', rollback: 'r' },
  ]
  const policies = { photos: described, lax: { ...one, rules: undefined }, other: two }
  const outcome = changes.check({ text: textOf('', { policies }), guards: [] })
  t.match(outcome.outcome === 'refused' ? outcome.violations : [], [
    { failed: 'policy photos lacks owner, expected, rollback' },
    { failed: 'policy other lacks expected' },
  ])
})

t.test('an edit that was never loaded is kept when it is replaced', async (t) => {
  const bench = await benchOf(t)
  writeFileSync(bench.file, 'a: [ # an edit that somebody left behind')
  const lost = hashOf(bench.text())
  t.match(await bench.changes.apply(application), { outcome: 'applied', overwritten: lost })
  t.equal(
    readFileSync(join(bench.folder, `ledger.jsonl.configurations/${lost}.yaml`), 'utf8'),
    'a: [ # an edit that somebody left behind',
  )
})

t.test('rollbacks go back, each further than the one before', async (t) => {
  const bench = await benchOf(t)
  const { changes } = bench
  for (const size of ['2MiB', '3MiB']) await changes.apply({ ...application, text: textOf(size) })
  t.match(await changes.rollback(back), { outcome: 'applied', number: 4, hash: hashOf(textOf('2MiB')) })
  t.equal(bench.text(), textOf('2MiB'))
  t.match(await changes.rollback(back), { outcome: 'applied', number: 5, hash: hashOf(textOf('1MiB')) })
  t.strictSame(idsOf(await changes.rollback(back)), ['absent'], 'there is nothing before the first')
  t.match(await changes.rollback({ ...back, number: 3 }), {
    outcome: 'applied',
    number: 6,
    hash: hashOf(textOf('3MiB')),
  })
  t.strictSame(idsOf(await changes.rollback({ ...back, number: 9 })), ['absent'])
  t.match(
    (await changes.history()).map(({ action, to }) => [action, to]),
    [
      ['start', null],
      ['apply', null],
      ['apply', null],
      ['rollback', 2],
      ['rollback', 1],
      ['rollback', 3],
    ],
  )
  await changes.close()
  const again = await restarted(t, bench)
  t.match(
    await again.changes.rollback(back),
    { outcome: 'applied', number: 7, hash: hashOf(textOf('2MiB')) },
    'after a restart',
  )
  rmSync(join(bench.folder, 'ledger.jsonl.configurations'), { recursive: true })
  t.strictSame(idsOf(await again.changes.rollback({ ...back, number: 1 })), ['absent'], 'its text is gone')
})

t.test('the way back is open also where nobody owns what was there', async (t) => {
  const bench = await benchOf(t, folderOf(t), textOf('', { policies: { photos: described } }))
  await bench.changes.apply(application)
  t.match(await bench.changes.rollback(back), { outcome: 'applied', number: 3 })
})

t.test('a trial leaves the file alone, and is confirmed', async (t) => {
  const bench = await benchOf(t)
  const { changes, gateway } = bench
  const outcome = await changes.apply({ ...application, trial: 60_000, guards: ['refused_ratio < 2%'] })
  t.match(outcome, {
    outcome: 'applied',
    number: 2,
    trial: { until: '2026-01-01T00:01:00.000Z', guards: ['refused_ratio < 2% after 20'] },
  })
  t.equal(gateway.loaded().material.text, application.text)
  t.equal(bench.text(), textOf('1MiB'))
  t.equal(await metric(bench, 'sluice_configuration_trial'), 1)
  t.match(changes.state(), { number: 2, ...by, trial: { number: 2, before: hashOf(textOf('1MiB')) } })
  t.strictSame(idsOf(await changes.apply(application)), ['onTrial'])
  t.strictSame(idsOf(await changes.reload('signal', by)), ['onTrial'])
  t.strictSame(idsOf(await changes.rollback({ ...back, number: 1 })), ['onTrial'])
  t.match(await changes.confirm({ who: 'bob', why: 'well' }), { outcome: 'confirmed', number: 2 })
  t.equal(bench.text(), application.text)
  t.match((await changes.history())[1], { action: 'trial', end: { state: 'confirmed', who: 'bob', reason: 'asked' } })
  t.equal(await metric(bench, 'sluice_configuration_trial'), 0)
  await bench.clock.advance(120_000)
  t.equal(gateway.loaded().material.text, application.text, 'its time does not end it any more')
  t.match(changes.state(), { number: 2, ...by, trial: null })
  for (const end of ['confirm', 'revert'] as const) t.strictSame(idsOf(await changes[end](by)), ['noTrial'])
})

const ends = [
  ['nobody confirms it', 'time', async ({ clock }: Bench) => clock.advance(61_000)],
  [
    'a guard does not hold',
    'guard',
    async ({ clock, counted }: Bench) => {
      counted.push(requests('released', 30), requests('refused', 10))
      await clock.advance(2000)
    },
  ],
  ['somebody ends it', 'asked', async ({ changes }: Bench) => void (await changes.revert(by))],
  ['somebody rolls back', 'asked', async ({ changes }: Bench) => void (await changes.rollback(back))],
] as const

t.test('what was before comes back', async (t) => {
  for (const [name, reason, act] of ends) {
    const bench = await benchOf(t)
    bench.counted.push({
      ...requests('refused', 1000),
      labels: { route: '/claims', lane: 'interactive', outcome: 'refused' },
    })
    await bench.changes.apply({ ...application, trial: 60_000, guards: ['requests < 1000', 'refused_ratio < 2%'] })
    await bench.clock.advance(1000)
    t.match(bench.changes.state(), { trial: { number: 2 } }, `${name}: what was counted before does not count`)
    await act(bench)
    await until(() => bench.changes.state().trial === null)
    await until(async () => (await bench.changes.history())[1]?.end !== null)
    t.equal(bench.gateway.loaded().material.text, textOf('1MiB'), name)
    t.equal(bench.text(), textOf('1MiB'))
    const [, entry] = await bench.changes.history()
    t.match(entry, { action: 'trial', end: { state: 'reverted', reason } }, name)
    if (reason === 'guard') {
      t.match(entry?.end, { guard: 'refused_ratio < 2% after 20', value: 0.25, why: /a guard did not hold/ })
      t.match(entry?.end?.numbers, {
        requests: 40,
        refused: 0.25,
        routes: [{ route: '/claims', outcomes: { refused: 10 } }],
      })
    }
    t.match(bench.changes.state(), { number: 1, trial: null })
    await until(async () => (await metric(bench, 'sluice_configuration_reloads_total{result="reverted"}')) === 1)
    t.match(await bench.changes.apply(application), { outcome: 'applied', number: 3 }, `${name}: and it goes on`)
  }
})

t.test('a trial that cannot be reverted is tried to until it can', async (t) => {
  const bench = await benchOf(t)
  await bench.changes.apply({ ...application, trial: 2000 })
  bench.gateway.hindrance = 'a port is in use'
  await bench.clock.advance(5000)
  t.match(bench.changes.state(), { trial: { number: 2 } })
  bench.gateway.hindrance = null
  await until(async () => {
    await bench.clock.advance(1000)
    return bench.changes.state().trial === null
  })
  t.equal(bench.gateway.loaded().material.text, textOf('1MiB'))
})

t.test('a restart ends a trial', async (t) => {
  const bench = await benchOf(t)
  await bench.changes.apply({ ...application, trial: 60_000 })
  const again = await restarted(t, bench)
  t.match((await again.changes.history())[1], { end: { state: 'reverted', reason: 'restart', numbers: null } })
  t.equal((await again.changes.history()).length, 2)
  t.match(again.changes.state(), { number: 1, hash: hashOf(textOf('1MiB')) })
})

t.test('a file that was changed while the gateway was down is on record', async (t) => {
  const bench = await benchOf(t)
  await bench.changes.close()
  writeFileSync(bench.file, textOf('5MiB'))
  const again = await restarted(t, bench)
  t.match((await again.changes.history())[1], {
    action: 'start',
    differences: { loosened: 1 },
    before: hashOf(textOf('1MiB')),
  })
})

t.test('the file is read again on a signal, and where it is watched', async (t) => {
  const watching = { process: { reload: { watch: true } } }
  const bench = await benchOf(t, folderOf(t), textOf('1MiB', watching))
  t.equal((await bench.changes.reload('signal', by)).outcome, 'unchanged')
  writeFileSync(bench.file, textOf('oops', watching))
  t.strictSame(idsOf(await bench.changes.reload('signal', by)), ['faulty'])
  writeFileSync(bench.file, textOf('2MiB', watching))
  t.match(await bench.changes.reload('signal', by), { outcome: 'applied', number: 2 })
  writeFileSync(bench.file, textOf('3MiB', watching))
  await until(async () => {
    await bench.clock.advance(1000)
    return bench.gateway.loaded().material.text === textOf('3MiB', watching)
  })
  await until(async () => (await bench.changes.history()).length === 3)
  t.match(
    (await bench.changes.history()).map(({ via }) => via),
    ['start', 'signal', 'watch'],
  )
})

t.test('without a ledger, the file is read again, and nothing else', async (t) => {
  const bench = await benchOf(t, folderOf(t), textOf('1MiB', { ledger: {} }))
  const [text] = [textOf('2MiB', { ledger: {} })]
  for (const outcome of [await bench.changes.apply({ ...application, text }), await bench.changes.rollback(back)]) {
    t.strictSame(idsOf(outcome), ['noLedger'])
  }
  writeFileSync(bench.file, text)
  t.match(await bench.changes.reload('signal', by), { outcome: 'applied', number: null })
  t.strictSame(await bench.changes.history(), [])
  t.strictSame(readdirSync(bench.folder), ['sluice.yaml'])
})

t.test('what a change did is measured', async (t) => {
  const bench = await benchOf(t)
  const { changes, clock, counted } = bench
  counted.push(requests('released', 90), requests('refused', 10))
  await clock.advance(600_000)
  await changes.apply(application)
  counted.splice(0, 2, requests('released', 140), requests('refused', 10))
  counted.push({ metric: 'sluice_problems_total', labels: { id: 'file.size' }, value: 4 })
  await clock.advance(hour)
  await until(async () => (await changes.history())[1]?.effect !== null)
  t.match((await changes.history())[1]?.effect, {
    before: {
      seconds: 600,
      requests: 100,
      refused: 0.1,
      routes: [{ route: '/claims', outcomes: { released: 90, refused: 10 } }],
    },
    after: { seconds: 3600, requests: 50, refused: 0, problems: { 'file.size': 4 } },
    cut: null,
  })
  await changes.apply({ ...application, text: textOf('3MiB') })
  await clock.advance(60_000)
  await changes.apply({ ...application, text: textOf('4MiB') })
  await clock.advance(60_000)
  await changes.close()
  t.match(
    (await changes.history()).slice(2).map(({ effect }) => [effect?.cut, effect?.after.seconds]),
    [
      ['change', 60],
      ['stop', 60],
    ],
  )
})

t.test('one at a time, in their order', async (t) => {
  const { changes, gateway } = await benchOf(t)
  const sizes = ['2MiB', '3MiB', '4MiB', '5MiB']
  const outcomes = await Promise.all(sizes.map((size) => changes.apply({ ...application, text: textOf(size) })))
  t.match(outcomes, [{ number: 2 }, { number: 3 }, { number: 4 }, { number: 5 }])
  t.equal(gateway.loaded().material.text, textOf('5MiB'))
})

t.test('lines of others in the ledger are left alone', async (t) => {
  const bench = await benchOf(t)
  const line = (action: string, details: unknown) =>
    `${JSON.stringify({ time: '2026', action, who: 'x', why: 'y', subject: bench.file, details })}\n`
  const ledger = join(bench.folder, 'ledger.jsonl')
  appendFileSync(ledger, line('quarantine.release', { number: 7 }) + line('configuration.apply', { number: 'seven' }))
  appendFileSync(
    ledger,
    line('configuration.effect', { of: 1 }) + line('configuration.revert', { of: 40, reason: 'x' }),
  )
  t.match(await bench.changes.apply(application), { outcome: 'applied', number: 2 })
})

/**
 * What is on the disk before each step that changes it, while something is done: what a crash at that step would leave
 * behind. The result are folders.
 */
async function snapshots(t: Test, folder: string, act: () => Promise<unknown>): Promise<readonly string[]> {
  const taken: string[] = []
  const real = { open: fs.open, rename: fs.rename, unlink: fs.unlink, mkdir: fs.mkdir }
  for (const [name, call] of Object.entries(real)) {
    const watched = (...given: unknown[]): unknown => {
      const copy = folderOf(t)
      cpSync(folder, copy, { recursive: true })
      taken.push(copy)
      return Reflect.apply(call, fs, given)
    }
    Object.assign(fs, { [name]: watched })
  }
  syncBuiltinESMExports()
  try {
    await act()
  } finally {
    Object.assign(fs, real)
    syncBuiltinESMExports()
  }
  return taken
}

const dangerous: readonly (readonly [string, number | null, (bench: Bench) => Promise<ChangeOutcome>])[] = [
  ['an application', null, ({ changes }) => changes.apply({ ...application, text: textOf('3MiB') })],
  ['a confirmation', 60_000, ({ changes }) => changes.confirm(by)],
  ['a rollback', null, ({ changes }) => changes.rollback(back)],
]

for (const [name, trial, act] of dangerous) {
  t.test(`a crash at any step of ${name} leaves file and ledger in agreement`, async (t) => {
    const bench = await benchOf(t)
    const { folder } = bench
    await bench.changes.apply({ ...application, trial })
    let outcome = ''
    const taken = await snapshots(t, folder, async () => (outcome = (await act(bench)).outcome))
    t.match(outcome, /applied|confirmed/)
    t.ok(taken.length > 4, 'it has many steps')
    const [before, after] = [readFileSync(join(taken[0] ?? '', 'sluice.yaml'), 'utf8'), bench.text()]
    t.not(before, after)
    await bench.changes.close()
    for (const [step, copy] of taken.entries()) {
      rmSync(folder, { recursive: true })
      cpSync(copy, folder, { recursive: true })
      const { changes, text } = await benchOf(t, folder)
      const found = text()
      t.ok([before, after].includes(found), `${step}: the file is one of the two, whole`)
      t.equal(changes.state().hash, hashOf(found), `${step}: it is what the ledger says is in force`)
      const onRecord = (await changes.history()).map((entry) => entry.after)
      t.ok(onRecord.includes(hashOf(found)), `${step}: nothing is in force that is on no record`)
      t.match(
        await changes.apply({ ...application, text: textOf('9MiB') }),
        { outcome: 'applied' },
        `${step}: it goes on`,
      )
      t.match(await changes.rollback(back), { outcome: 'applied', hash: hashOf(found) }, `${step}: and back`)
      await changes.close()
    }
  })
}
