import { JSDOM } from 'jsdom'
import t from 'tap'
import { Parser } from 'tap-parser'
import { tableReport } from '../../src/commands/rehearse/table.ts'
import { jsonReport } from '../../src/rehearsal/report/json.ts'
import { junitReport } from '../../src/rehearsal/report/junit.ts'
import type { Rehearsal } from '../../src/rehearsal/report/rehearsal.ts'
import { tapReport } from '../../src/rehearsal/report/tap.ts'
import type { CaseResult } from '../../src/rehearsal/run/run-cases.ts'

const base: CaseResult = {
  suite: 'claims.yaml',
  owner: 'claims@example.com',
  policy: 'claim-files',
  name: 'a photograph',
  expected: 'released',
  result: 'passed',
  differences: [],
  skipped: null,
  status: 200,
  requestId: 'id-1',
  duration: 12.5,
}

/** Names and answers that try to be more than text. */
const hostile = ']]> # SKIP \\ <b>&"\u001b[2J\u2028\n  ...\nok 9 - forged\u202e'

const rehearsal: Rehearsal = {
  began: '2026-11-28T10:00:00.000Z',
  configuration: { file: '/etc/sluice.yaml', hash: '0123456789abcdef' },
  target: null,
  results: [
    base,
    {
      ...base,
      name: `bad ${hostile}`,
      result: 'failed',
      differences: [
        { what: 'outcome', expected: 'refused', found: `released ${hostile}` },
        { what: 'backend', expected: 'no request', found: hostile },
      ],
    },
    { ...base, suite: 'other.yaml', policy: null, result: 'skipped', skipped: `no pdf ${hostile}` },
  ],
}

t.test('TAP as a parser reads it', (t) => {
  const results = Parser.parse(`pragma +strict\n${tapReport(rehearsal)}`)
  const names = results.flatMap(([kind, assert]) => (kind === 'assert' ? [assert] : []))
  t.match(names, [
    { ok: true, id: 1, name: 'claim-files: a photograph' },
    { ok: false, id: 2, diag: { requestId: 'id-1', owner: base.owner, differences: [{ what: 'outcome' }, {}] } },
    { ok: true, id: 3, skip: /no pdf/ },
  ])
  t.equal(names.length, 3, 'nothing is forged')
  t.notOk(names[1]?.skip, 'a name is no directive')
  const complete = results.find(([kind]) => kind === 'complete')?.[1]
  t.match(complete, { ok: false, count: 3, pass: 2, fail: 1, skip: 1, failures: [{ id: 2 }] })
  t.end()
})

t.test('JUnit as strict XML', (t) => {
  const { document } = new JSDOM(junitReport(rehearsal), { contentType: 'application/xml' }).window
  const suites = [...document.querySelectorAll('testsuites > testsuite')]
  t.same(
    suites.map((suite) => ['name', 'tests', 'failures', 'skipped'].map((name) => suite.getAttribute(name))),
    [
      ['claims.yaml', '2', '1', '0'],
      ['other.yaml', '1', '0', '1'],
    ],
  )
  t.match(document.documentElement.getAttribute('tests'), '3')
  const failure = document.querySelector('testcase > failure')
  t.match(failure?.textContent, /outcome: expected refused, found released \]\]> # SKIP/)
  t.match(failure?.textContent, /request: id-1/)
  t.equal(document.querySelectorAll('testcase').length, 3)
  t.equal(document.querySelectorAll('b').length, 0, 'no markup comes from names')
  t.end()
})

t.test('JSON and the table steer no terminal', (t) => {
  const json = jsonReport(rehearsal)
  t.match(JSON.parse(json), { totals: { passed: 1, failed: 1, skipped: 1 }, results: [{ name: 'a photograph' }] })
  const table = tableReport(rehearsal)
  for (const text of [json, table, tapReport(rehearsal)]) t.notMatch(text, /[\u001b\u202e\u2028]/)
  t.match(table, /1 passed, 1 failed, 1 skipped, in this process with \/etc\/sluice.yaml \(0123456789abcdef\)\n$/)
  t.match(table, /passed {3}claim-files: a photograph \(released\)\n/)
  t.match(table, /outcome: expected refused, found released/)
  t.match(table, /request: id-1/)
  t.end()
})
