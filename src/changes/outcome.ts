import type { Difference } from '../difference/difference.ts'
import { describeFault } from '../printable.ts'
import type { ProblemId } from '../problems/catalogue.ts'
import { type Refusal, type Violation, violation } from '../problems/violation.ts'

/** A trial that runs. Times are ISO 8601, in UTC. */
export interface TrialState {
  readonly number: number
  readonly hash: string
  /** What comes back unless it is confirmed. */
  readonly before: string
  readonly who: string
  readonly why: string
  readonly since: string
  readonly until: string
  readonly guards: readonly string[]
}

/** What is in force, and since when. */
export interface ConfigurationState {
  readonly hash: string
  /** Of the entry in the history; null without a ledger. */
  readonly number: number | null
  readonly who: string
  readonly why: string
  /** ISO 8601, in UTC. */
  readonly since: string
  readonly trial: TrialState | null
}

export interface Refused {
  readonly outcome: 'refused'
  readonly violations: Refusal['violations']
}

/** What became of a try to change the configuration. `number` is that of the entry in the history, null without a ledger. */
export type ChangeOutcome =
  | {
      readonly outcome: 'applied'
      readonly number: number | null
      readonly hash: string
      readonly differences: readonly Difference[]
      readonly trial: TrialState | null
      /** Hash of a text that stood in the file and was never in force: it is kept under that hash. */
      readonly overwritten: string | null
    }
  /** It was in force before. */
  | { readonly outcome: 'unchanged'; readonly hash: string }
  /** The trial ended; the hash is of what is in force now. */
  | { readonly outcome: 'confirmed' | 'reverted'; readonly number: number; readonly hash: string }
  | Refused

export function refused(first: Violation, ...others: readonly Violation[]): Refused {
  return { outcome: 'refused', violations: [first, ...others] }
}

/** A disk or the gateway failed. */
export function failedWith(id: ProblemId, error: unknown): Violation {
  return violation(id, { failed: describeFault(error) })
}
