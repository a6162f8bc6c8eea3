import { type Fault, formatFault } from '../../config/fault.ts'
import type { Linted } from '../../config/lint/lint.ts'
import { formatWarning, type Warning } from '../../config/lint/warning.ts'
import type { Snapshot } from '../../config/snapshot.ts'
import { counted } from '../../policy/words.ts'
import { jsonDocument, printable } from '../../printable.ts'

/** What checking found. Without faults, there is a snapshot and what its lint says. */
export interface Report {
  readonly file: string
  readonly faults: readonly Fault[]
  readonly snapshot: Snapshot | null
  readonly linted: Linted
}

export function textReport(report: Report): string {
  const { faults, linted } = report
  const lines = [...faults.map(formatFault), ...linted.warnings.flatMap(warningLines), lastLine(report)]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

/** One document for faults, warnings and what was accepted. */
export function jsonReport({ file, faults, snapshot, linted }: Report): string {
  const document = { file, hash: snapshot?.hash ?? null, faults, ...linted }
  return jsonDocument(document)
}

export function countOf({ warnings }: Linted, level: Warning['level']): number {
  return warnings.filter((warning) => warning.level === level).length
}

function warningLines(warning: Warning): string[] {
  return [formatWarning(warning), `    why: ${warning.why}`, `    fix: ${warning.fix}`]
}

function lastLine({ file, faults, snapshot, linted }: Report): string {
  if (snapshot === null) return `${file}: ${counted(faults.length, 'fault')}`
  const levels = (['warning', 'note'] as const).filter((level) => countOf(linted, level) > 0)
  const outcome = levels.map((level) => counted(countOf(linted, level), level)).join(', ') || 'fine'
  const accepted = linted.accepted.length === 0 ? '' : `, ${linted.accepted.length} accepted`
  return `${file}: ${outcome}${accepted}: ${contents(snapshot)}`
}

function contents({ configuration, policies, upstreams, hash }: Snapshot): string {
  const counts = [
    counted(configuration.routes.length, 'route'),
    counted(policies.size, 'policy', 'policies'),
    counted(upstreams.size, 'upstream'),
  ]
  return `${counts.join(', ')} (${hash})`
}
