import { formatFault } from '../../config/fault.ts'
import { loadConfiguration } from '../../config/load.ts'
import { jsonReport } from '../../rehearsal/report/json.ts'
import { junitReport } from '../../rehearsal/report/junit.ts'
import { type Rehearsal, totalsInWords, totalsOf } from '../../rehearsal/report/rehearsal.ts'
import { tapReport } from '../../rehearsal/report/tap.ts'
import { exits } from '../arguments.ts'
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
  const loaded = configuration === null ? null : loadConfiguration(configuration, process.env)
  if (loaded?.ok === false) return complain(loaded.faults.map(formatFault))
  const snapshot = loaded?.snapshot ?? null
  const prepared = prepareCases(suites, snapshot)
  if (!prepared.ok) return complain(prepared.lines)
  const rehearsal = await perform(prepared.cases, snapshot, target, options)
  const totals = totalsOf(rehearsal.results)
  writeReport(reports[format](rehearsal), output, totalsInWords(totals))
  return totals.failed > 0 || totals.passed === 0 ? exits.failed : exits.fine
}

function complain(lines: readonly string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`)
  return exits.failed
}
