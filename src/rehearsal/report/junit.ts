import type { CaseResult } from '../run/run-cases.ts'
import { type Rehearsal, titleOf, totalsOf } from './rehearsal.ts'

/** JUnit's XML as CI systems read it: a suite is a test suite, a case a test case. */
export function junitReport({ began, results }: Rehearsal): string {
  const bySuite = Map.groupBy(results, ({ suite }) => suite)
  const suites = [...bySuite].map(([suite, cases]) => suiteXml(suite, cases, began))
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="sluice rehearse" ${counts(results)}>`
  return `${[head, ...suites, '</testsuites>'].join('\n')}\n`
}

function suiteXml(suite: string, results: readonly CaseResult[], began: string): string {
  const head = `  <testsuite name="${escaped(suite)}" timestamp="${began.slice(0, 19)}" ${counts(results)}>`
  return [head, ...results.map((result) => caseXml(result)), '  </testsuite>'].join('\n')
}

function counts(results: readonly CaseResult[]): string {
  const { failed, skipped } = totalsOf(results)
  const time = results.reduce((sum, { duration }) => sum + duration, 0)
  return `tests="${results.length}" failures="${failed}" errors="0" skipped="${skipped}" time="${seconds(time)}"`
}

function caseXml(result: CaseResult): string {
  const { suite, duration, skipped, differences, requestId } = result
  const name = `name="${escaped(titleOf(result))}" classname="${escaped(suite)}" time="${seconds(duration)}"`
  if (skipped !== null) return `    <testcase ${name}><skipped message="${escaped(skipped)}"/></testcase>`
  if (differences.length === 0) return `    <testcase ${name}/>`
  const rows = differences.map(({ what, expected, found }) => `${what}: expected ${expected}, found ${found}`)
  const request = requestId === null ? [] : [`request: ${requestId}`]
  const text = escaped([...rows, ...request].join('\n'))
  return `    <testcase ${name}>\n      <failure message="${escaped(rows[0] ?? '')}">${text}</failure>\n    </testcase>`
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Characters that XML has no way to write become blanks. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)
    .replace(/(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu, ' ')
}
