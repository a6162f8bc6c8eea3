import { type Fault, formatFault } from '../../config/fault.ts'
import type { Snapshot } from '../../config/snapshot.ts'
import { type PlannedCase, planCases } from '../../rehearsal/plan/plan.ts'
import { type ReadSuite, readSuite } from '../../rehearsal/suite/read-suite.ts'
import { starterSuites } from '../../rehearsal/suite/starters.ts'

/** Cases to send, or all that keeps them from being sent, as lines. */
export type Prepared =
  | { readonly ok: true; readonly cases: readonly PlannedCase[] }
  | { readonly ok: false; readonly lines: readonly string[] }

/** Reads suites, the starter suites where none is named, and finds out where their cases go. */
export function prepareCases(files: readonly string[], snapshot: Snapshot | null): Prepared {
  const named = files.length > 0 || snapshot === null ? files : starterSuites(snapshot)
  if (named.length === 0) {
    const why = snapshot === null ? 'a suite must be named' : 'no policy extends a pack, so that a suite must be named'
    return { ok: false, lines: [`sluice: ${why}`] }
  }
  const suites: ReadSuite[] = []
  const faults: Fault[] = []
  for (const file of named) {
    const reading = readSuite(file, process.env)
    if (reading.ok) suites.push(reading.suite)
    else faults.push(...reading.faults)
  }
  if (faults.length > 0) return { ok: false, lines: faults.map(formatFault) }
  const { cases, obstacles } = planCases(suites, snapshot)
  return obstacles.length > 0 ? { ok: false, lines: obstacles } : { ok: true, cases }
}
