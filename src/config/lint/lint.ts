import type { Configuration } from '../configuration.ts'
import { formatPath, type Path } from '../fault.ts'
import type { Places } from '../places.ts'
import type { Snapshot } from '../snapshot.ts'
import { idleAcceptance, lintRules } from './catalogue.ts'
import type { Danger, LintKind } from './rule.ts'
import { type AcceptedWarning, byPlace, type Warning } from './warning.ts'

export interface Linted {
  /** In the order of the file. */
  readonly warnings: readonly Warning[]
  readonly accepted: readonly AcceptedWarning[]
}

type Acceptance = Configuration['check']['accept'][number]

/** Looks for dangerous settings in a configuration without faults. Pure. `file` is its name in messages. */
export function lint(snapshot: Snapshot, places: Places, file: string): Linted {
  const { accept } = snapshot.configuration.check
  const warn = (kind: LintKind, danger: Danger) => warningOf(kind, danger, places, file)
  const found = lintRules.flatMap((rule) => rule.find(snapshot, places.written).map((danger) => warn(rule, danger)))
  const all = oncePerPlace(found)
  const idle = accept.flatMap((entry, index) =>
    all.some((warning) => isAcceptedBy(entry, warning)) ? [] : [warn(idleAcceptance, nothingFor(entry, index))],
  )
  const accepted = all.flatMap((warning) => {
    const entry = accept.find((each) => isAcceptedBy(each, warning))
    return entry === undefined ? [] : [{ ...warning, because: entry.because }]
  })
  const open = all.filter((warning) => !accept.some((entry) => isAcceptedBy(entry, warning)))
  return { warnings: [...open, ...idle].sort(byPlace), accepted: accepted.sort(byPlace) }
}

/** Without `of`, an acceptance holds wherever the warning occurs. */
function isAcceptedBy({ warning, of }: Acceptance, { id, of: about }: Warning): boolean {
  return warning === id && (of === null || of === about)
}

function nothingFor({ warning, of }: Acceptance, index: number): Danger {
  const path: Path = ['check', 'accept', index]
  return { path, of: null, found: `there is no ${warning}${of === null ? '' : ` of ${of}`}` }
}

function warningOf({ id, level, why, fix }: LintKind, danger: Danger, places: Places, file: string): Warning {
  const { line, column } = places.position(danger.path)
  const { path, of, found } = danger
  return { id, level, file, line, column, path: formatPath(path), of, found, why, fix }
}

/** A policy that several routes name brings the same danger with each. */
function oncePerPlace(warnings: readonly Warning[]): Warning[] {
  const byPlaceAndWords = new Map(warnings.map((each) => [JSON.stringify([each.id, each.path, each.found]), each]))
  return [...byPlaceAndWords.values()]
}
