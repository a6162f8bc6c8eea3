import type { CaseResult } from '../run/run-cases.ts'

/** A rehearsal that has ended. */
export interface Rehearsal {
  /** ISO 8601. */
  readonly began: string
  /** As it was named; null where none was. */
  readonly configuration: { readonly file: string; readonly hash: string } | null
  /** The URL that was sent to; null for a gateway in this process. */
  readonly target: string | null
  readonly results: readonly CaseResult[]
}

export interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export function totalsOf(results: readonly CaseResult[]): Totals {
  const count = (wanted: CaseResult['result']): number => results.filter(({ result }) => result === wanted).length
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
}

/** "12 passed, 1 failed, 2 skipped"; what there is none of is left out, but for what passed. */
export function totalsInWords({ passed, failed, skipped }: Totals): string {
  const words = [`${passed} passed`]
  if (failed > 0) words.push(`${failed} failed`)
  if (skipped > 0) words.push(`${skipped} skipped`)
  return words.join(', ')
}

/** What a case is called in a list of many suites. */
export function titleOf({ policy, name }: CaseResult): string {
  return policy === null ? name : `${policy}: ${name}`
}
