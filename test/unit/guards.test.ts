import fc from 'fast-check'
import t from 'tap'
import { type Count, countedSince, countersOf } from '../../src/changes/counters.ts'
import { comparators, type Guard } from '../../src/changes/guards/guard.ts'
import { judge } from '../../src/changes/guards/judge.ts'
import { type MeasureName, measureNames, measureOf, sourceOf } from '../../src/changes/guards/measures.ts'
import { printGuard } from '../../src/changes/guards/print.ts'
import { readGuard } from '../../src/changes/guards/read.ts'
import { createMetrics } from '../../src/metrics/registry.ts'
import { problems, ruleIds } from '../../src/problems/catalogue.ts'

const routes = ['/claims', '/photos/**', 'a.example/"\\x', 'none']

function read(text: string): Guard {
  const result = readGuard(text, { routes })
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.guard
}

const good = [
  ['refused_ratio{route="/claims",lane="upload"} < 2%', 'refused_ratio{route="/claims", lane="upload"} < 2% after 20'],
  ['  refused_ratio<=0.02 after 50', 'refused_ratio <= 0.02 after 50'],
  ['failed_ratio{} < 0.5%', 'failed_ratio < 0.5% after 20'],
  ['unscanned_ratio{reason="timeout"} <= 100%', 'unscanned_ratio{reason="timeout"} <= 100% after 20'],
  ['requests{outcome="failed"} < 5', 'requests{outcome="failed"} < 5'],
  ['problems{id="file.type.mismatch"} <= 0', 'problems{id="file.type.mismatch"} <= 0'],
  ['duration_p99{lane="interactive"} < 250ms', 'duration_p99{lane="interactive"} < 250ms after 20'],
  ['duration_p99 < 90s after 1', 'duration_p99 < 90s after 1'],
  [
    'finding_ratio{rule="file.size",mode="report"} >= 1%',
    'finding_ratio{rule="file.size", mode="report"} >= 1% after 20',
  ],
  ['refused_ratio{route="a.example/\\"\\\\x"} < 1%', 'refused_ratio{route="a.example/\\"\\\\x"} < 1% after 20'],
] as const

t.test('guards are read, and printed in one way', async (t) => {
  for (const [text, printed] of good) t.equal(printGuard(read(text)), printed)
})

const bad = [
  ['', '1 the end: a measure such as refused_ratio'],
  ['refuse_ratio < 2%', '1 the unknown measure "refuse_ratio" (did you mean refused_ratio?)'],
  ['refused_ratio', '14 the end: <, <=, > or >='],
  ['refused_ratio == 2%', '15 "=": <, <=, > or >='],
  ['refused_ratio < ', '17 the end: a number'],
  ['refused_ratio < 2% 3', '20 "3": after and a number'],
  ['refused_ratio < 2% after', '25 the end: a whole number of requests'],
  ['refused_ratio{route} < 2%', '20 "}": ='],
  ['refused_ratio{route="/claims" < 2%', '31 "<": , or }'],
  ['refused_ratio{route="/claims} < 2%', '21 a " without its end'],
  ['refused_ratio < 2% | x', '20 "|": a guard such as'],
  ['refused_ratio{rout="/claims"} < 2%', '15 the unknown label "rout" (did you mean route?): route or lane'],
  ['refused_ratio{route="/claim"} < 2%', '21 the unknown route "/claim" (did you mean /claims?)'],
  ['refused_ratio{lane="uploads"} < 2%', '20 the unknown lane "uploads" (did you mean upload?): upload or interactive'],
  ['refused_ratio{lane="upload",lane="upload"} < 2%', '29 lane a second time: each label once'],
  [
    'problems{id="file.type.mismatches"} < 2',
    '13 the unknown id "file.type.mismatches" (did you mean file.type.mismatch?): an id of docs/reference/problems.md',
  ],
  ['finding_ratio{rule="limit.rate"} < 2%', '20 the unknown rule "limit.rate"'],
  ['refused_ratio < 200%', '17 "200%": a share such as 2% or 0.02, at most 100%'],
  ['refused_ratio < 2', '17 "2": a share'],
  ['refused_ratio < 2s', '17 "2s": a share'],
  ['requests < 2.5', '12 "2.5": a whole number'],
  ['requests < 2%', '12 "2%": a whole number'],
  ['requests > 2', '10 >: < or <=, since a count begins at 0'],
  ['requests < 2 after 20', '20 "20": no after'],
  ['duration_p99 < 250', '16 "250": a duration such as'],
  ['duration_p99 < 250parsecs', '16 "250parsecs": a duration such as'],
  ['refused_ratio < 2% after 0', '26 "0": a whole number of requests, at least 1'],
  ['refused_ratio < 2% after 2%', '26 "2%": a whole number of requests, at least 1'],
  [`refused_ratio < ${' '.repeat(300)}2%`, '301 more: a guard of at most 300 characters'],
] as const

t.test('what is wrong is said with its column', async (t) => {
  for (const [text, told] of bad) {
    const result = readGuard(text, { routes })
    const [fault] = result.ok ? [] : result.faults
    t.ok(`${fault?.column} ${fault?.found}: ${fault?.expected}`.startsWith(told), `${text}: ${JSON.stringify(fault)}`)
  }
  const all = readGuard('refused_ratio{rout="/x", lane="slow"} < 3s after 0', { routes })
  t.strictSame(all.ok ? [] : all.faults.map(({ column }) => column), [15, 31, 41, 50], 'all at once')
})

t.test('no text makes it throw', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => void readGuard(text, { routes })))
  const piece = fc.constantFrom(
    'refused_ratio',
    '{',
    '}',
    'route',
    '=',
    '"/claims"',
    ',',
    '<',
    '2%',
    'after',
    '20',
    ' ',
    '"',
    '\\',
  )
  fc.assert(fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => void readGuard(pieces.join(''), { routes })))
})

function valuesOf(name: MeasureName, label: string): readonly string[] {
  const source = sourceOf(measureOf(name), label)
  if (source === 'configuration') return routes
  if (source === 'problems') return label === 'rule' ? ruleIds : Object.keys(problems)
  return source
}

const bounds = {
  share: fc.oneof(
    fc.record({
      unit: fc.constant('percent' as const),
      value: fc.integer({ min: 0, max: 10_000 }).map((n) => n / 100),
    }),
    fc.record({ unit: fc.constant('number' as const), value: fc.integer({ min: 0, max: 1e6 }).map((n) => n / 1e6) }),
  ),
  count: fc.record({ unit: fc.constant('number' as const), value: fc.nat(999_999_999) }),
  duration: fc.record({ unit: fc.constant('duration' as const), value: fc.nat(86_400_000) }),
}

const guards = fc.constantFrom(...measureNames).chain((measure) => {
  const { unit, labels } = measureOf(measure)
  const pairs = fc
    .subarray([...labels])
    .chain((some) =>
      fc.tuple(...some.map((label) => fc.tuple(fc.constant(label), fc.constantFrom(...valuesOf(measure, label))))),
    )
  return fc.record({
    measure: fc.constant(measure),
    labels: pairs.map((given) => Object.fromEntries(given)),
    comparator: unit === 'count' ? fc.constantFrom('<' as const, '<=' as const) : fc.constantFrom(...comparators),
    bound: bounds[unit],
    after: unit === 'count' ? fc.constant(0) : fc.integer({ min: 1, max: 1000 }),
  })
})

t.test('a guard that was printed is read as what it was', async (t) => {
  fc.assert(
    fc.property(guards, (guard) => {
      t.same(read(printGuard(guard)), guard, printGuard(guard), { diagnostic: false })
    }),
  )
})

const requests = (route: string, lane: string, outcome: string, value: number): Count => ({
  metric: 'sluice_requests_total',
  labels: { route, lane, outcome },
  value,
})
const bucket = (lane: string, le: string, value: number): Count => ({
  metric: 'sluice_request_duration_seconds_bucket',
  labels: { lane, le },
  value,
})
const counted: readonly Count[] = [
  requests('/claims', 'upload', 'released', 48),
  requests('/claims', 'upload', 'refused', 2),
  requests('/claims', 'interactive', 'relayed', 50),
  requests('/photos/**', 'upload', 'refused', 19),
  { metric: 'sluice_problems_total', labels: { id: 'file.type.mismatch' }, value: 3 },
  { metric: 'sluice_unscanned_files_total', labels: { reason: 'timeout' }, value: 3 },
  { metric: 'sluice_findings_total', labels: { rule: 'file.size', mode: 'report' }, value: 6 },
  bucket('interactive', '0.1', 90),
  bucket('interactive', '0.25', 100),
  bucket('interactive', '+Inf', 100),
  bucket('upload', '0.1', 0),
  bucket('upload', '0.25', 0),
  bucket('upload', '+Inf', 30),
]

const judged = [
  ['refused_ratio{route="/claims",lane="upload"} < 4%', false, 0.04],
  ['refused_ratio{route="/claims",lane="upload"} <= 4%', true, 0.04],
  ['refused_ratio{route="/claims"} < 3%', true, 0.02],
  ['refused_ratio{route="/photos/**"} < 1%', true, null],
  ['refused_ratio{route="/photos/**"} < 1% after 19', false, 1],
  ['failed_ratio < 1%', true, 0],
  ['requests{route="/claims"} <= 100', true, 100],
  ['requests{outcome="refused"} < 21', false, 21],
  ['problems{id="file.type.mismatch"} < 3', false, 3],
  ['problems{id="limit.rate"} < 1', true, 0],
  ['unscanned_ratio < 4%', false, 3 / 69],
  ['unscanned_ratio{reason="memory"} <= 0%', true, 0],
  ['finding_ratio{rule="file.size"} < 10%', true, 6 / 69],
  ['finding_ratio{rule="file.size",mode="enforce"} <= 0', true, 0],
  ['duration_p99{lane="interactive"} < 250ms', true, 235],
  ['duration_p99{lane="interactive"} < 200ms', false, 235],
  ['duration_p99{lane="upload"} < 250ms', false, 250],
] as const

t.test('guards are judged by what was counted', async (t) => {
  for (const [text, holds, value] of judged) {
    const judgement = judge(read(text), counted)
    t.equal(judgement.holds, holds, text)
    if (value === null) t.equal(judgement.value, null, text)
    else t.ok(Math.abs((judgement.value ?? Number.NaN) - value) < 1e-9, `${text}: ${judgement.value}`)
  }
  for (const [text] of good) t.match(judge(read(text), []), { holds: true }, `${text}: nothing was counted`)
})

t.test('counters come from the metrics, and count from where they are read', async (t) => {
  const metrics = createMetrics({ version: '1' })
  t.teardown(metrics.stop)
  const refused = metrics.requests.of({ route: '/claims', lane: 'upload', outcome: 'refused' })
  const now = async () => countersOf((await metrics.report({ scraped: false })).own)
  refused.inc(3)
  metrics.requestDuration.of({ lane: 'upload' }).observe(0.2)
  const then = await now()
  t.equal(judge(read('requests{route="/claims"} < 9'), then).value, 3)
  t.equal(Math.round(judge(read('duration_p99{lane="upload"} < 1s after 1'), then).value ?? 0), 249)
  refused.inc(2)
  t.equal(judge(read('requests{route="/claims"} < 9'), countedSince(then, await now())).value, 2)
  const [first, second] = [requests('/claims', 'upload', 'failed', 9), requests('/claims', 'upload', 'failed', 4)]
  t.match(countedSince([first], [second]), [{ value: 4 }], 'one that began anew')
})
