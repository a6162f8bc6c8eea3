/** One line of the checklist, as it stands in the report. */
export interface ChecklistLine {
  readonly what: string
  readonly state: 'passed' | 'failed' | 'not done'
  /** Why, as a clause. */
  readonly reason: string
  /** What shows it: a command, counts, a hash. */
  readonly evidence: readonly string[]
}

export function passed(what: string, reason: string, evidence: readonly string[]): ChecklistLine {
  return { what, state: 'passed', reason, evidence }
}

export function failed(what: string, reason: string, evidence: readonly string[]): ChecklistLine {
  return { what, state: 'failed', reason, evidence }
}

/** `reason` says what to do for it to be done. */
export function notDone(what: string, reason: string, evidence: readonly string[] = []): ChecklistLine {
  return { what, state: 'not done', reason, evidence }
}
