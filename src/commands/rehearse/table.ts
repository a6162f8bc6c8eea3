import { printable } from '../../printable.ts'
import { type Rehearsal, titleOf, totalsInWords, totalsOf } from '../../rehearsal/report/rehearsal.ts'
import type { CaseResult } from '../../rehearsal/run/run-cases.ts'
import { padded } from '../../terminal/text.ts'

const widest = 'skipped'.length

/** For people: a row for each case, and below it what differs. */
export function tableReport({ results, configuration, target }: Rehearsal): string {
  const bySuite = Map.groupBy(results, ({ suite }) => suite)
  const blocks = [...bySuite].flatMap(([suite, cases]) => [
    `${printable(suite)} (${printable(cases[0]?.owner ?? '')})`,
    ...cases.flatMap(rowsOf),
    '',
  ])
  const where = target === null ? 'in this process' : `at ${target}`
  const what = configuration === null ? '' : ` with ${configuration.file} (${configuration.hash})`
  return `${[...blocks, `${totalsInWords(totalsOf(results))}, ${printable(where + what)}`].join('\n')}\n`
}

function rowsOf(result: CaseResult): string[] {
  const { differences, skipped, requestId, expected } = result
  const end = skipped === null ? expected : skipped
  const row = `  ${padded(result.result, widest)}  ${printable(titleOf(result))} (${printable(end)})`
  const rows = differences.map(
    ({ what, expected, found }) => `             ${what}: expected ${printable(expected)}, found ${printable(found)}`,
  )
  const request =
    requestId === null || differences.length === 0 ? [] : [`             request: ${printable(requestId)}`]
  return [row, ...rows, ...request]
}
