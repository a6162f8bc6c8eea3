import { casesOf } from './probe/probe.ts'
import { isHonest, type ProbeResult } from './probe/result.ts'
import type { ScannerKind, ScannerNeed } from './settings.ts'

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

/** A probe that did not come to its end takes nothing back of what one before it has proven. */
export function learn(before: Proof, result: ProbeResult, kind: ScannerKind, need: ScannerNeed): Proof {
  const honest = isHonest(result)
  if (honest === null) return { ...before, last: result }
  const doubt = honest ? null : (result.cases.find(({ ok }) => !ok)?.detail ?? unproven)
  const judged = { last: result, honest, doubt }
  if (result.error !== null && before.honest === true) return { ...before, ...judged }
  const limited = casesOf[kind].includes('edge')
  return { ...judged, largest: limited ? (result.provenSize ?? need.size) : Infinity, depth: result.provenDepth }
}
