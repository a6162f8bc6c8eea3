import type { ProblemId } from '../problems/catalogue.ts'
import { type Refusal, violation } from '../problems/violation.ts'
import type { DeleteOutcome, ReleaseOutcome } from '../quarantine/review/outcome.ts'
import { wordsOf } from '../quarantine/review/outcome-words.ts'

type Ended = ReleaseOutcome | DeleteOutcome

const problemOf: { readonly [Outcome in Ended['outcome']]: ProblemId | null } = {
  absent: 'quarantine.absent',
  taken: 'quarantine.releasing',
  done: 'quarantine.released',
  unclear: 'quarantine.unclear',
  impossible: 'quarantine.impossible',
  refused: 'quarantine.refused',
  uncertain: 'quarantine.uncertain',
  unreachable: 'quarantine.unreachable',
  failed: 'quarantine.failed',
  released: null,
  deleted: null,
}

/** The answer to a decision that was not carried out; null where it was. */
export function refusalOf(ended: Ended): Refusal | null {
  const id = problemOf[ended.outcome]
  if (id === null) return null
  const details = ended.outcome === 'absent' ? {} : { failed: wordsOf(ended) + answered(ended) }
  const backend = ended.outcome === 'uncertain' || ended.outcome === 'refused' ? 'unknown' : 'untouched'
  return { violations: [violation(id, details)], backend }
}

/** What the backend said besides; the answer cuts it. */
function answered(ended: Ended): string {
  if (!('answer' in ended) || ended.answer === null) return ''
  const { location, text } = ended.answer
  return `${location === null ? '' : `; it points to ${location}`}${text === '' ? '' : `; it said: ${text}`}`
}
