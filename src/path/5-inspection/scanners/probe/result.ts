import type { probeCases } from '../scan-results.ts'

export type ProbeCaseName = (typeof probeCases)[number]

export interface ProbeCase {
  readonly case: ProbeCaseName
  /** Whether the answer was as it must be. */
  readonly ok: boolean
  /** A clause for operators. */
  readonly detail: string
}

/** What the files of a probe showed of a scanner. */
export interface ProbeResult {
  /** When it ended, milliseconds since 1970. */
  readonly at: number
  /** Those that were asked and answered. */
  readonly cases: readonly ProbeCase[]
  /** The largest file in which it found something; null where it did so in the largest that policies let through. */
  readonly provenSize: number | null
  /** Levels of archives in which it found something; null where it looks at the bytes as they are. */
  readonly provenDepth: number | null
  /** Whether it says that it cannot look into what is encrypted; null where that was not found out. */
  readonly encrypted: 'told' | 'silent' | null
  /** Those in which it answered and did not find what was there, so that they show a limit. */
  readonly missed: readonly ProbeCaseName[]
  /** What kept the probe from its end, a clause for operators; null where every question was answered. */
  readonly error: string | null
}

/** Whether it finds what it must and nothing else; null where the probe did not come so far. */
export function isHonest({ cases }: ProbeResult): boolean | null {
  const shown = cases.filter((shown) => shown.case === 'clean' || shown.case === 'eicar')
  if (shown.some(({ ok }) => !ok)) return false
  return shown.length === 2 ? true : null
}
