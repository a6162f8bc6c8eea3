import type { Attempt } from './attempt.ts'
import type { Action } from './decision.ts'
import type { DeleteOutcome, ReleaseOutcome } from './outcome.ts'

/** What became of a decision, as a clause for people. What others wrote in it is not escaped. */
export function wordsOf(ended: ReleaseOutcome | DeleteOutcome, action: Action): string {
  switch (ended.outcome) {
    case 'absent':
      return 'there is no such entry'
    case 'releasing':
    case 'deleting':
      return `${personOf(ended.by)} is ${ended.outcome} it`
    case 'alreadyReleased':
      return `${personOf(ended.by)} has released it: the backend answered ${ended.by.status}`
    case 'unclear':
      return 'by' in ended
        ? unclear(ended.by)
        : flawed(`it is unclear whether the backend took it: ${ended.detail}`, ended.flaw)
    case 'failed':
      return `${action === 'quarantine.release' ? 'nothing was sent' : 'it could not be deleted'}: ${ended.detail}`
    case 'impossible':
      return `it cannot be released: ${ended.detail}`
    case 'deleted':
      return 'deleted'
    case 'released':
      return flawed(`released: the backend answered ${ended.answer.status}`, ended.flaw)
    case 'refused':
      return flawed(`the backend refused it with ${ended.answer.status}; it is held as before`, ended.flaw)
    case 'unreachable':
      return flawed(`no byte was sent: ${ended.detail}; it is held as before`, ended.flaw)
  }
}

function unclear(by: Attempt | null): string {
  if (by === null) return 'somebody began to release it, and it is unclear whether the backend got it'
  const answer = by.status === null ? '' : ` (it answered ${by.status})`
  return `${personOf(by)} began to release it, and it is unclear whether the backend took it${answer}`
}

function personOf({ who, time }: Attempt): string {
  return `${who} (${time})`
}

function flawed(words: string, flaw: string | null): string {
  return flaw === null ? words : `${words}; but afterwards: ${flaw}`
}
