import { type ProblemId, problem } from './catalogue.ts'

/** One thing that is wrong with a request: an entry of `problems` in the answer, of `violations` in the audit line. */
export interface Violation {
  readonly id: ProblemId
  /** Ordinal of the part, from 1. */
  readonly part?: number
  readonly field?: string
  readonly file?: string
  /** Byte of the body where the defect was seen. */
  readonly offset?: number
  /** What failed, as a clause without a full stop: "content is a Windows executable". */
  readonly failed: string
  /** What was expected, in the same form: "JPEG or PNG image". */
  readonly expected: string
}

/** Where a violation was found, and its precise words where the catalogue's general ones say too little. */
export type Details = Partial<Omit<Violation, 'id'>>

export function violation(id: ProblemId, details: Details = {}): Violation {
  const { failed, expected } = problem(id)
  return { id, failed, expected, ...details }
}

/**
 * A refused request, as a value. The first violation gives the status and the title of the answer.
 * `backend` is the truth about what the backend has seen, and so about whether a retry is safe.
 */
export interface Refusal {
  readonly violations: readonly [Violation, ...Violation[]]
  readonly backend: 'untouched' | 'unknown'
  /** Seconds after which a retry may help, where that is known. */
  readonly retryAfter?: number
  /** Id of the entry in the quarantine, where the request was kept for review. */
  readonly quarantine?: string
}

export function refusal(first: Violation, ...others: Violation[]): Refusal {
  return { violations: [first, ...others], backend: 'untouched' }
}
