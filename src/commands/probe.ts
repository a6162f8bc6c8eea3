import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describeFault, jsonDocument } from '../printable.ts'
import { compare } from '../probe/comparison.ts'
import { type Report, readReport, reportOf } from '../probe/report.ts'
import { type ProbePlan, probe as runProbe } from '../probe/run.ts'
import { suite } from '../probe/suite/suite.ts'
import { realClock } from '../probe/wire/pace.ts'
import { startProgress } from '../terminal/progress.ts'
import { exits, readArguments, refuse } from './arguments.ts'
import { fastest, options, planOf, type Values } from './probe/options.ts'
import { comparisonTable, hasFindings, reportTable } from './probe/table.ts'
import { tellFailure } from './tell-failure.ts'

const usage = `Usage: sluice probe URL --i-may-test-this [OPTIONS]

Sends ${suite.length} hostile uploads to an endpoint, Sluice or any other, and reports what got through. Bombs are in miniature, and
nothing that is sent does harm by itself; what an endpoint stores of it is for you to remove. Each request says that it is of
sluice-probe. One at a time, and no more per second than you allow.

      --i-may-test-this  you own the target, or its owner allows this
      --rate RATE        the most requests, such as 5/s (the default), 5 or 30/m; at most ${fastest}/s
      --field NAME       the field of the file; file where absent
      --fields NAME=VALUE  a field that every form has; may be repeated
      --header 'NAME: VALUE'  a header field that every request has, such as a cookie; may be repeated
      --method METHOD    POST (the default), PUT or PATCH
      --control KIND     a harmless file that the endpoint accepts: png (the default), jpeg, pdf or text
      --refused-by TEXT  answers with this text refuse, for endpoints that answer 200 to everything
      --suite NAMES      some of multipart,disguises,bombs,limits,framing; all where absent
      --echo             the backend answers in JSON what it read, and what it read otherwise is reported (docs/probe.md)
      --json FILE        writes the report for programs
      --compare FILE     tells what has changed since an earlier report
      --timeout TIME     for each answer; 10s where absent
      --total TIME       for everything; 10m where absent

Exit code: 0 where nothing got through, 1 where the endpoint does not accept a harmless upload or no longer does, 2 for a
wrong command line, 3 where something got through or may have.
`

export async function probe(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 1 })
  if (read.exit !== undefined) return read.exit
  const values: Values = read.values
  const plan = planOf(read.positionals[0] ?? '', values)
  if (typeof plan === 'string') return refuse(plan, usage).exit
  const before = values.compare === undefined ? null : earlierReport(values.compare)
  if (typeof before === 'string') return tellFailure(before)
  const unwritable = values.json === undefined ? null : obstacle(values.json)
  if (unwritable !== null) return tellFailure(unwritable)
  const report = await reported(plan)
  if (typeof report === 'string') return tellFailure(report)
  process.stdout.write(reportTable(report, new Map(plan.cases.map((one) => [one.id, one]))))
  if (before !== null) process.stdout.write(comparisonTable(before, report, compare(before, report)))
  const fault = values.json === undefined ? null : written(values.json, report)
  if (fault !== null) return tellFailure(fault)
  if (report.stopped !== null) return exits.failed
  return hasFindings(report) ? exits.warnings : exits.fine
}

/** The report, or why there is none. */
async function reported(plan: ProbePlan): Promise<Report | string> {
  const began = new Date()
  const progress = startProgress(plan.cases.length)
  try {
    const run = await runProbe(plan, realClock, (id) => progress.advance(id))
    if (run.ok) return reportOf(plan, run, { began, ended: new Date() })
    return (
      `the endpoint does not accept the harmless upload (${plan.endpoint.control.filename} in field ${plan.endpoint.field}): ` +
      `${run.reason}. Nothing else was sent. See --field, --fields, --header and --control`
    )
  } finally {
    progress.stop()
  }
}

function earlierReport(file: string): Report | string {
  try {
    return readReport(readFileSync(file, 'utf8')) ?? `${file} is no report of sluice probe --json`
  } catch (error) {
    return `${file} cannot be read: ${describeFault(error)}`
  }
}

/** Why a report could not be written there; null where it can, as far as one can tell before all is sent. */
function obstacle(file: string): string | null {
  try {
    if (existsSync(file) && statSync(file).isDirectory()) return `${file} cannot be written: it is a folder`
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK)
    return null
  } catch (error) {
    return `${file} cannot be written: ${describeFault(error)}`
  }
}

/** Why it could not be written; null where it was. */
function written(file: string, report: Report): string | null {
  try {
    writeFileSync(file, jsonDocument(report), { mode: 0o600 })
    return null
  } catch (error) {
    return `${file} cannot be written: ${describeFault(error)}`
  }
}
