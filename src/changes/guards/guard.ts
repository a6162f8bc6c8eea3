import type { MeasureName } from './measures.ts'

export const comparators = ['<', '<=', '>', '>='] as const
export type Comparator = (typeof comparators)[number]

/** As it was written: `2%` is 2 percent, `0.02` is the number 0.02; durations are milliseconds. */
export interface Bound {
  readonly unit: 'number' | 'percent' | 'duration'
  readonly value: number
}

/** What must hold while a trial runs. */
export interface Guard {
  readonly measure: MeasureName
  readonly labels: Readonly<Record<string, string>>
  readonly comparator: Comparator
  readonly bound: Bound
  /** How many requests there must be before it is judged; 0 for what is only counted. */
  readonly after: number
}

/** Shares of fewer requests say little. */
export const defaultAfter = 20

/** What is wrong with a guard. `column` counts from 1. */
export interface GuardFault {
  readonly column: number
  readonly found: string
  readonly expected: string
}
