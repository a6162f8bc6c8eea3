import { z } from 'zod'
import { duration } from '../config/quantities.ts'
import { text } from '../config/words.ts'

/** Bytes of a request that changes the configuration, as JSON. */
export const longestRequest = 1024 * 1024

/** Guards of one trial; their texts have to fit into the record. */
const mostGuards = 8

const who = text(200)
const why = text(1000)
const guards = z
  .array(text(1000), 'a list of guards')
  .max(mostGuards, `a list of at most ${mostGuards} guards`)
  .prefault([])

/** What somebody wants in force, and why. Durations come as text and are milliseconds here. */
export const application = z.strictObject({
  text: z.string('the text of a configuration'),
  who,
  why,
  expected: text(500).nullable().prefault(null),
  window: duration('1s').prefault('1h'),
  /** How long it is on trial; null puts it in force for good. */
  trial: duration('1s').nullable().prefault(null),
  guards,
})

/** What would come of an application. */
export const proposal = z.strictObject({ text: z.string('the text of a configuration'), guards })

/** `number`: of an entry of the history; null is the one before that in force. */
export const rollback = z.strictObject({
  number: z.int('a whole number').min(1, 'a whole number from 1 on').nullable().prefault(null),
  who,
  why,
  window: duration('1s').prefault('1h'),
})

/** Who wants something done, and why: the end of a trial, or a reload. */
export const by = z.strictObject({ who, why })

export type Application = z.output<typeof application>
export type Proposal = z.output<typeof proposal>
export type Rollback = z.output<typeof rollback>
export type By = z.output<typeof by>
