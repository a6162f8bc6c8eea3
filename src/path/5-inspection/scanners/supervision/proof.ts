import { kinds } from '../kinds.ts'
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
  /** Levels of archives; null where they do not matter. */
  readonly depth: number | null
}

const unproven = 'the scanner has not yet shown that it finds what its probe shows it'

/** `depth`: levels of archives that its answers speak of without having been shown any; null where they do not matter. */
export function noProof(kind: ScannerKind, depth: number | null): Proof {
  return {
    last: null,
    honest: null,
    doubt: unproven,
    largest: kinds[kind].limitedBySize ? 0 : Infinity,
    depth,
  }
}

/** Of what was proven before, a probe takes back only what it disproves: one that was not answered disproves nothing. */
export function learn(before: Proof, result: ProbeResult, kind: ScannerKind, need: ScannerNeed): Proof {
  const honest = isHonest(result)
  if (honest === null) return { ...before, last: result }
  const doubt = honest ? null : (result.cases.find(({ ok }) => !ok)?.detail ?? unproven)
  const judged = { last: result, honest, doubt }
  const shows = (name: ProbeCaseName): boolean => before.honest !== true || isShown(result, name)
  const { limitedBySize, opensArchives } = kinds[kind]
  const limit = limitedBySize ? (result.provenSize ?? need.size) : Infinity
  return {
    ...judged,
    largest: shows('edge') ? limit : before.largest,
    depth: opensArchives && shows('nested') ? result.provenDepth : before.depth,
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
