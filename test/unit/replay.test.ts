import fc from 'fast-check'
import t from 'tap'
import { jsonReport, textReport } from '../../src/commands/replay/report.ts'
import { checkConfiguration } from '../../src/config/check.ts'
import { takeSnapshot } from '../../src/config/snapshot.ts'
import { routesOf } from '../../src/gateway/routes.ts'
import { LineSplitter, longestLine } from '../../src/replay/line-splitter.ts'
import { readRecorded } from '../../src/replay/recorded.ts'
import { isUploadFacts } from '../../src/replay/recorded-facts.ts'
import { replayRelayed, replayUpload } from '../../src/replay/replay-upload.ts'
import { count, emptyTally } from '../../src/replay/tally.ts'
import { progressLine } from '../../src/terminal/reading-progress.ts'
import { recordedUpload } from '../support/recorded-upload.ts'

t.test('bytes become lines, wherever the pieces are cut', (t) => {
  const text = 'one\n\ntwo\nthree'
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (sizes) => {
      const lines: string[] = []
      const splitter = new LineSplitter((line) => lines.push(String(line)))
      for (let at = 0, turn = 0; at < text.length; at += sizes[turn++ % sizes.length] ?? 1) {
        splitter.write(Buffer.from(text.slice(at, at + (sizes[turn % sizes.length] ?? 1))))
      }
      splitter.end()
      if (lines.join('|') !== 'one|two|three') throw new Error(lines.join('|'))
    }),
  )
  const lines: (string | null)[] = []
  const splitter = new LineSplitter((line) => lines.push(line && String(line)))
  for (let written = 0; written <= longestLine; written += 65536) splitter.write(Buffer.alloc(65536, 'x'))
  splitter.write(Buffer.from('x\nafter\n'))
  t.strictSame(lines, [null, 'after'], 'a line that is too long is told and passed')
  t.end()
})

t.test('whatever stands in a line is read or is foreign, and never throws', (t) => {
  const whole = JSON.stringify(recordedUpload())
  t.equal(readRecorded(Buffer.from(whole)).kind, 'upload')
  const kinds: readonly (readonly [string, string])[] = [
    ['', 'foreign'],
    ['null', 'foreign'],
    ['[]', 'foreign'],
    ['{"level":"info"}', 'foreign'],
    [whole.slice(0, -40), 'foreign'],
    [JSON.stringify({ ...recordedUpload(), facts: null }), 'unjudged'],
    [JSON.stringify({ ...recordedUpload(), facts: null, lane: 'interactive', outcome: 'relayed' }), 'relayed'],
    [JSON.stringify({ ...recordedUpload(), facts: null, lane: 'interactive', outcome: 'refused' }), 'other'],
    [JSON.stringify({ ...recordedUpload(), action: 'explode' }), 'foreign'],
    [
      JSON.stringify({ ...recordedUpload(), findings: [{ rule: 'no.rule', mode: 'enforce', violation: {} }] }),
      'foreign',
    ],
  ]
  for (const [line, kind] of kinds) t.equal(readRecorded(Buffer.from(line)).kind, kind, line.slice(0, 60))
  t.end()
})

/** Every place in plain data, as a list of keys. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))]
}

function withChange(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put
  const copy: Record<string, unknown> = Array.isArray(value) ? Object.assign([], value) : { ...Object(value) }
  copy[key] = withChange(copy[key], rest, put)
  return copy
}

t.test('facts that were tampered with are refused, or decided on without a fault', (t) => {
  const table = tableOf({ files: { types: ['png'] } })
  const line = recordedUpload()
  const wrong = [null, 1, -1, -0.5, 'x', 'constructor', [], {}, true, [null], { length: 1e9 }]
  let decided = 0
  for (const place of placesIn(line)) {
    for (const put of wrong) {
      const read = readRecorded(Buffer.from(JSON.stringify(withChange(line, place, put))))
      if (read.kind !== 'upload') continue
      replayUpload(table, read.upload)
      decided += 1
    }
  }
  t.ok(decided > 10, 'what does not matter is let through')
  t.notOk(
    isUploadFacts({
      ...line.facts,
      files: [{ ...line.facts.files[0], scans: [{ result: 'unscanned', reason: 'malware' }] }],
    }),
  )
  t.end()
})

function tableOf(policy: Record<string, unknown>, routes?: readonly unknown[]) {
  const text = JSON.stringify({
    version: 1,
    upstreams: { app: { urls: ['http://app'] } },
    policies: { p: { extends: 'anything', ...policy } },
    routes: routes ?? [
      { path: '/claims/**', methods: ['POST'], upstream: 'app', policy: 'p' },
      { path: '/**', upstream: 'app' },
    ],
  })
  const checked = checkConfiguration(text, { file: 's.yaml', env: {}, readFile: () => '' })
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
  return routesOf(takeSnapshot(text, 's.yaml', checked.configuration))
}

function uploadOf(changes: Parameters<typeof recordedUpload>[0] = {}) {
  const read = readRecorded(Buffer.from(JSON.stringify(recordedUpload(changes))))
  if (read.kind !== 'upload') throw new Error(read.kind)
  return read.upload
}

t.test('the route is chosen again, and what it does is told', (t) => {
  const governed = tableOf({})
  const pass = [{ path: '/**', upstream: 'app', uploads: 'pass' }]
  const cases: readonly (readonly [
    string,
    ReturnType<typeof tableOf>,
    Parameters<typeof recordedUpload>[0],
    object,
  ])[] = [
    ['the same', governed, {}, { change: 'same', route: '/claims/**' }],
    ['another type', tableOf({ files: { types: ['pdf'] } }), {}, { change: 'stricter', added: ['file.type.refused'] }],
    [
      'another method',
      governed,
      { method: 'PUT' },
      { change: 'stricter', added: ['route.upload.ungoverned'], route: null },
    ],
    [
      'no form is taken',
      tableOf({ request: { channels: ['raw'] } }),
      {},
      { change: 'stricter', added: ['route.channel'] },
    ],
    ['no policy', tableOf({}, pass), {}, { change: 'laxer', uninspected: true }],
    ['no route', tableOf({}, [{ path: '/other', upstream: 'app' }]), {}, { change: 'stricter', added: ['route.none'] }],
    ['half a path', governed, { path: `/${'x'.repeat(508)}...` }, { change: 'undecidable', unknown: [/too long/] }],
  ]
  for (const [what, table, changes, expected] of cases) t.match(replayUpload(table, uploadOf(changes)), expected, what)
  const { facts: _, ...request } = uploadOf()
  t.match(replayRelayed(governed, request), { change: 'undecidable', unknown: [/nobody looked/] })
  t.equal(replayRelayed(governed, { ...request, path: '/elsewhere' }), null)
  t.end()
})

t.test('a report says how many, by what, where, and shows some', (t) => {
  const tally = emptyTally()
  const strict = tableOf({ files: { types: ['pdf'] } })
  const asking = tableOf({})
  for (let n = 0; n < 5; n += 1) count(tally, uploadOf(), replayUpload(strict, uploadOf()), 2)
  count(tally, uploadOf(), replayUpload(asking, uploadOf()), 2)
  tally.lines.total = 7
  tally.lines.foreign = 1
  const text = textReport(tally)
  t.match(text, /newly refused +5 /)
  t.match(text, /unchanged +1$/m)
  t.match(text, /file\.type\.refused +5 newly refused/)
  t.match(text, /\/claims\/\*\* +5 newly refused, 1 unchanged/)
  t.equal(text.match(/"holiday\.png"/g)?.length, 2, 'as many examples as were asked for')
  t.match(text, /1 no whole lines of an audit/)
  t.match(JSON.parse(jsonReport(tally)), {
    uploads: { stricter: 5, same: 1 },
    rules: { 'file.type.refused': { stricter: 5 } },
  })
  const steered = emptyTally()
  const named = uploadOf({ name: 'a\u001b[2J\u202e.png' })
  count(steered, named, replayUpload(strict, named), 2)
  t.notMatch(textReport(steered), /[\u001b\u202e]/)
  t.notMatch(jsonReport(steered), /\u202e/)
  t.match(JSON.parse(jsonReport(steered)), { examples: { stricter: [{ files: ['a\u001b[2J\u202e.png'] }] } })
  t.end()
})

t.test('progress', (t) => {
  t.equal(progressLine({ read: 50e6, lines: 1000, total: 200e6, seconds: 2 }), '1000 lines, 50 of 200 MB, 6 s left')
  t.equal(progressLine({ read: 50e6, lines: 1000, total: null, seconds: 2 }), '1000 lines, 50 MB')
  t.equal(progressLine({ read: 0, lines: 0, total: 1e6, seconds: 0 }), '0 lines, 0 of 1 MB')
  t.end()
})
