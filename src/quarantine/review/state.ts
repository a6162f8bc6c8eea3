import type { EntryState } from '../store.ts'
import { type Attempt, isUnderWay, leftUntouched } from './attempt.ts'

/**
 * How an entry stands, for people. `releasing`, `deleting`: somebody is at it. `unclear`: its release was begun, and
 * nobody knows whether the backend got it. `released`: the backend took it, and what is left can be deleted.
 */
export type ReviewState = 'held' | 'releasing' | 'deleting' | 'unclear' | 'released'

export function reviewState(stored: EntryState, attempt: Attempt | null, now: number): ReviewState {
  if (stored === 'held') return 'held'
  if (attempt === null) return 'unclear'
  if (isUnderWay(attempt, now)) return doingOf(attempt)
  if (leftUntouched(attempt)) return 'held'
  return attempt.result === 'released' ? 'released' : 'unclear'
}

/** What somebody does who is at an entry. */
export function doingOf({ action }: Attempt): 'releasing' | 'deleting' {
  return action === 'quarantine.delete' ? 'deleting' : 'releasing'
}
