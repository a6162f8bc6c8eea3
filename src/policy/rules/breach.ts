import type { RuleId } from '../../problems/catalogue.ts'
import { type Details, type Violation, violation } from '../../problems/violation.ts'

/** A rule that does not hold for these facts; what becomes of it is for its mode to say. */
export interface Breach {
  readonly rule: RuleId
  readonly violation: Violation
  /** In force whatever the mode: released as it is, two backends would read two different things. */
  readonly always?: true
}

/** Where a violation is: the part and the names that its sender gave. */
export interface At {
  readonly part: number
  readonly field: string
  readonly file: string
}

export function breach(rule: RuleId, details: Details): Breach {
  return { rule, violation: violation(rule, details) }
}
