import type { ProblemId } from '../problems/catalogue.ts'
import { type Refusal, violation } from '../problems/violation.ts'
import type { Action } from '../quarantine/review/decision.ts'
import { type DeleteOutcome, endsUnclear, type ReleaseOutcome } from '../quarantine/review/outcome.ts'
import { wordsOf } from '../quarantine/review/outcome-words.ts'

type Ended = ReleaseOutcome | DeleteOutcome

const problemOf: { readonly [Outcome in Ended['outcome']]: ProblemId | null } = {
  absent: 'quarantine.absent',
  releasing: 'quarantine.releasing',
  deleting: 'quarantine.deleting',
  alreadyReleased: 'quarantine.alreadyReleased',
  unclear: 'quarantine.unclear',
  impossible: 'quarantine.impossible',
  refused: 'quarantine.refused',
  unreachable: 'quarantine.unreachable',
  failed: 'quarantine.failed',
  released: null,
  deleted: null,
}

/** The answer to a decision that was not carried out; null where it was. */
export function refusalOf(ended: Ended, action: Action): Refusal | null {
  const id = endsUnclear(ended) ? 'quarantine.nowUnclear' : problemOf[ended.outcome]
  if (id === null) return null
  const details = ended.outcome === 'absent' ? {} : { failed: wordsOf(ended, action) + answered(ended) }
  const backend = endsUnclear(ended) || ended.outcome === 'refused' ? 'unknown' : 'untouched'
  return { violations: [violation(id, details)], backend }
}

/** What the backend said besides; the answer cuts it. */
function answered(ended: Ended): string {
  if (!('answer' in ended) || ended.answer === null) return ''
  const { location, text } = ended.answer
  return `${location === null ? '' : `; it points to ${location}`}${text === '' ? '' : `; it said: ${text}`}`
}
