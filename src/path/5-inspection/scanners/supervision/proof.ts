import { casesOf } from '../probe/probe.ts'
import { isHonest, type ProbeCaseName, type ProbeResult } from '../probe/result.ts'
import type { ScannerKind, ScannerNeed } from '../settings.ts'

/** What probes have shown of a scanner so far. */
export interface Proof {
  readonly last: ProbeResult | null
  /** Null where no probe has got so far yet. */
  readonly honest: boolean | null
  /** Why it is not honest, or not known to be; a clause. */
  readonly doubt: string | null
  /** The largest file that it is known to look into; infinite where size is nothing to it. */
  readonly largest: number
  /** Levels of archives; null where it looks at the bytes as they are. */
  readonly depth: number | null
}

const unproven = 'the scanner has not yet shown that it finds what its probe shows it'

export function noProof(kind: ScannerKind): Proof {
  const shown = casesOf[kind]
  return {
    last: null,
    honest: null,
    doubt: unproven,
    largest: shown.includes('edge') ? 0 : Infinity,
    depth: shown.includes('nested') ? 0 : null,
  }
}

/** Of what was proven before, a probe takes back only what it disproves: one that was not answered disproves nothing. */
export function learn(before: Proof, result: ProbeResult, kind: ScannerKind, need: ScannerNeed): Proof {
  const honest = isHonest(result)
  if (honest === null) return { ...before, last: result }
  const doubt = honest ? null : (result.cases.find(({ ok }) => !ok)?.detail ?? unproven)
  const judged = { last: result, honest, doubt }
  const shows = (name: ProbeCaseName): boolean => before.honest !== true || isShown(result, name)
  const limit = casesOf[kind].includes('edge') ? (result.provenSize ?? need.size) : Infinity
  return {
    ...judged,
    largest: shows('edge') ? limit : before.largest,
    depth: shows('nested') ? result.provenDepth : before.depth,
  }
}

function isShown({ cases, missed }: ProbeResult, name: ProbeCaseName): boolean {
  return missed.includes(name) || cases.some((shown) => shown.case === name && shown.ok)
}

/** What held both when the scanner was asked and when it had answered: the answer may be of the one it was before. */
export function provenThroughout(before: Proof, after: Proof): Proof {
  if (before.honest === null) return after
  const largest = Math.min(before.largest, after.largest)
  const depth = before.depth === null || after.depth === null ? null : Math.min(before.depth, after.depth)
  return { ...after, doubt: before.doubt ?? after.doubt, largest, depth }
}
