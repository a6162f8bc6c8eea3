import { lint } from '../config/lint/lint.ts'
import { type Loaded, loadConfiguration } from '../config/load.ts'
import { exits, readArguments } from './arguments.ts'
import { countOf, jsonReport, type Report, textReport } from './check/report.ts'

const usage = `Usage: sluice check FILE [--json]

Checks a configuration and prints everything that is wrong with it, each with its place in the file. Where nothing is,
warns of dangerous settings, each with the reason and what to do; check.accept in the file accepts single ones.
Reads the file and the secrets that it refers to; touches no network.

  --json   one JSON document with faults, warnings and what was accepted

Exit code: 0 where nothing is wrong, 1 where something is, 2 for a wrong command line, 3 for warnings only. Notes do not count.
`

const options = { json: { type: 'boolean' } } as const

export async function check(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 1 })
  if (read.exit !== undefined) return read.exit
  const file = read.positionals[0] ?? ''
  const report = examine(file, loadConfiguration(file, process.env))
  process.stdout.write(read.values.json === true ? jsonReport(report) : textReport(report))
  if (report.faults.length > 0) return exits.failed
  return countOf(report.linted, 'warning') > 0 ? exits.warnings : exits.fine
}

function examine(file: string, loaded: Loaded): Report {
  if (!loaded.ok) return { file, faults: loaded.faults, snapshot: null, linted: { warnings: [], accepted: [] } }
  const { snapshot, places } = loaded
  return { file, faults: [], snapshot, linted: lint(snapshot, places, file) }
}
