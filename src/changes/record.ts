import { z } from 'zod'

const number = z.int().min(1)
const count = z.number().min(0)

/** Numbers of effects: whole configurations have more differences than a line of the ledger has room for. */
const counts = z.strictObject({ loosened: count, tightened: count, moved: count, changed: count })

/** Details of `start`, `apply`, `rollback` and `trial`: what was put in force. */
export const entryDetails = z.strictObject({
  number,
  /** Null at the first start. */
  before: z.string().nullable(),
  after: z.string(),
  /** Null where the text before is not kept any more. */
  differences: counts.nullable(),
  /** The first of them in words. */
  loosened: z.array(z.string()),
  /** What who applied it expects. */
  expected: z.string().nullable(),
  /** What policies that were added or changed expect, by name. */
  policies: z.record(z.string(), z.string()),
  /** Milliseconds over which the effect is measured; null where it is not. */
  window: count.nullable(),
  /** Of a rollback: the entry whose text it is. */
  to: number.nullable(),
  trial: z.strictObject({ until: z.string(), guards: z.array(z.string()) }).nullable(),
  /** Hash of a text that stood in the file, was in force at no time, and was replaced. */
  overwritten: z.string().nullable(),
  via: z.enum(['start', 'signal', 'watch', 'operations']),
})

/** Requests in a span of time. */
const numbers = z.strictObject({
  seconds: count,
  requests: count,
  /** Shares of all requests; null where there were none. */
  refused: count.nullable(),
  failed: count.nullable(),
  /** Of the routes with most requests. */
  routes: z.array(z.strictObject({ route: z.string(), outcomes: z.record(z.string(), count) })),
  /** The most frequent. */
  problems: z.record(z.string(), count),
})

/** Details of `confirm` and `revert`: how a trial ended. */
export const endDetails = z.strictObject({
  of: number,
  /** `asked`: a person did. `guard`: one did not hold. `time`: nobody confirmed. `unread`: its guards could not be judged. */
  reason: z.enum(['asked', 'guard', 'time', 'unread', 'restart', 'file']),
  guard: z.string().nullable(),
  value: z.number().nullable(),
  /** Since the trial began; null where nobody can know. */
  numbers: numbers.nullable(),
  /** As of an entry: the file is replaced when a trial is confirmed. Absent where no text was lost. */
  overwritten: z.string().optional(),
})

/** Details of `effect`. */
export const effectDetails = z.strictObject({
  of: number,
  /** Since the change before it, or the start. */
  before: numbers,
  after: numbers,
  /** What ended the measuring before its time; null where nothing did. */
  cut: z.enum(['change', 'stop']).nullable(),
})

export type EntryDetails = z.output<typeof entryDetails>
export type EndDetails = z.output<typeof endDetails>
export type EffectDetails = z.output<typeof effectDetails>
export type Numbers = z.output<typeof numbers>
