import { printable } from '../../printable.ts'
import { jsonReport } from '../../rehearsal/report/json.ts'
import { junitReport } from '../../rehearsal/report/junit.ts'
import { type Rehearsal, totalsInWords, totalsOf } from '../../rehearsal/report/rehearsal.ts'
import { tapReport } from '../../rehearsal/report/tap.ts'
import { exits } from '../arguments.ts'
import { loadOrTell } from '../load.ts'
import type { Format, RehearseOptions } from './options.ts'
import { perform } from './perform.ts'
import { prepareCases } from './prepare.ts'
import { tableReport } from './table.ts'
import { writeReport } from './write-report.ts'

const reports: Readonly<Record<Format, (rehearsal: Rehearsal) => string>> = {
  table: tableReport,
  tap: tapReport,
  junit: junitReport,
  json: jsonReport,
}

/** One rehearsal with its report. The result is the exit code. */
export async function rehearseOnce(options: RehearseOptions): Promise<number> {
  const { configuration, suites, target, format, output } = options
  const loaded = configuration === null ? null : loadOrTell(configuration)
  if (configuration !== null && loaded === null) return exits.failed
  const snapshot = loaded?.snapshot ?? null
  const prepared = prepareCases(suites, snapshot)
  if (!prepared.ok) return complain(prepared.lines)
  const rehearsal = await perform(prepared.cases, snapshot, target, options)
  const totals = totalsOf(rehearsal.results)
  writeReport(reports[format](rehearsal), output, totalsInWords(totals))
  return totals.failed > 0 || totals.passed === 0 ? exits.failed : exits.fine
}

function complain(lines: readonly string[]): number {
  process.stderr.write(lines.map((line) => `${printable(line)}\n`).join(''))
  return exits.failed
}
