import { formatFault } from '../../config/fault.ts'
import { lint } from '../../config/lint/lint.ts'
import { formatWarning } from '../../config/lint/warning.ts'
import { loadConfiguration } from '../../config/load.ts'
import type { Snapshot } from '../../config/snapshot.ts'
import { jsonDocument } from '../../printable.ts'
import { type ChecklistLine, failed, notDone, passed } from '../../rehearsal/checklist/line.ts'
import { type ChecklistReport, markdownReport } from '../../rehearsal/checklist/markdown.ts'
import { checkReleaseTag } from '../../rehearsal/checklist/release-tag.ts'
import { version } from '../../version.ts'
import { exits } from '../arguments.ts'
import { examine } from '../doctor/examine.ts'
import type { Ready } from '../load.ts'
import type { ChecklistOptions, RehearseOptions } from './options.ts'
import { checkRollback, checkStaging, checkSuites, type Shown } from './rehearsed-lines.ts'
import { writeReport } from './write-report.ts'

/** All lines of the checklist, and a report of them. The result is the exit code. */
export async function runChecklist(options: RehearseOptions, checklist: ChecklistOptions): Promise<number> {
  const file = options.configuration ?? ''
  const date = new Date().toISOString()
  const loaded = loadConfiguration(file, process.env)
  const shown = loaded.ok
    ? await linesOf(loaded, file, options, checklist)
    : withoutConfiguration(loaded.faults.map(formatFault))
  const report: ChecklistReport = {
    date,
    version,
    configuration: { file, hash: loaded.ok ? loaded.snapshot.hash : null },
    lines: shown.map(({ line }) => line),
    policies: loaded.ok ? [...loaded.snapshot.policies.values()].map(described) : [],
    rehearsals: shown.flatMap(({ rehearsals }) => rehearsals),
  }
  const text = options.format === 'json' ? jsonDocument(report) : markdownReport(report)
  writeReport(text, options.output, summary(report.lines))
  return exitOf(report.lines)
}

function described({ name, mode, owner, expected, rollback }: ChecklistReport['policies'][number]) {
  return { name, mode, owner, expected, rollback }
}

async function linesOf(
  loaded: Ready,
  file: string,
  options: RehearseOptions,
  { operations, tag, rollbackFrom }: ChecklistOptions,
): Promise<readonly Shown[]> {
  const { snapshot } = loaded
  return [
    alone(checkLint(loaded, file)),
    await checkSuites(snapshot, options),
    alone(await checkSurroundings(snapshot, file)),
    await checkStaging(snapshot, options, operations),
    alone(await checkReleaseTag(snapshot.file, tag)),
    await checkRollback(snapshot, options, rollbackFrom),
  ]
}

function checkLint({ snapshot, places }: Ready, file: string): ChecklistLine {
  const { routes } = snapshot.configuration
  const { warnings, accepted } = lint(snapshot, places, file)
  const dangers = warnings.filter(({ level }) => level === 'warning').map(formatWarning)
  const counts = `routes: ${routes.length}, policies: ${snapshot.policies.size}, upstreams: ${snapshot.upstreams.size}`
  const evidence = [`sluice check ${file}`, counts, `accepted warnings: ${accepted.length}`, ...dangers]
  return dangers.length === 0
    ? passed('lint', 'nothing is wrong with the configuration', evidence)
    : failed('lint', 'there are warnings that nobody has accepted', evidence)
}

function withoutConfiguration(faults: readonly string[]): readonly Shown[] {
  const others = ['unit', 'integration check', 'staging configuration verified', 'release tagged', 'rollback proven']
  return [
    alone(failed('lint', 'the configuration is faulty', faults)),
    ...others.map((what) => alone(notDone(what, 'the configuration has to be mended first'))),
  ]
}

function alone(line: ChecklistLine): Shown {
  return { line, rehearsals: [] }
}

async function checkSurroundings(snapshot: Snapshot, file: string): Promise<ChecklistLine> {
  const found = await examine(snapshot)
  const wrong = (level: 'warn' | 'fail'): string[] =>
    found.flatMap((one) => (one.level === level ? [`${one.what}: ${one.detail}`] : []))
  const failures = wrong('fail')
  const warnings = wrong('warn')
  const evidence = [`sluice doctor -c ${file}`, `${found.length} checks`, ...failures, ...warnings]
  if (failures.length > 0)
    return failed('integration check', 'something that the configuration relies on is amiss', evidence)
  const reason = warnings.length > 0 ? 'nothing fails; there are warnings' : 'all that it relies on is well'
  return passed('integration check', reason, evidence)
}

function summary(lines: readonly ChecklistLine[]): string {
  const states = ['passed', 'failed', 'not done'] as const
  return states.map((state) => `${lines.filter((line) => line.state === state).length} ${state}`).join(', ')
}

function exitOf(lines: readonly ChecklistLine[]): number {
  if (lines.some(({ state }) => state === 'failed')) return exits.failed
  return lines.some(({ state }) => state === 'not done') ? exits.warnings : exits.fine
}
