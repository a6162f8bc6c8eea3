import type { Attempt } from './attempt.ts'

/** What a backend answered, as far as a person needs it. */
export interface BackendAnswer {
  readonly status: number
  readonly location: string | null
  /** The beginning of its body where that is text; empty otherwise. */
  readonly text: string
}

/** Why nothing was done; nothing has changed. */
export type NotBegun =
  | { readonly outcome: 'absent' }
  /** Somebody is at it at this moment. */
  | { readonly outcome: 'releasing' | 'deleting'; readonly by: Attempt }
  /** It was released before, and the backend took it; what is left can be deleted. */
  | { readonly outcome: 'alreadyReleased'; readonly by: Attempt }
  /** An earlier release may have reached the backend: only `again` goes on. */
  | { readonly outcome: 'unclear'; readonly by: Attempt | null }
  /** The store or the ledger could not be used. */
  | { readonly outcome: 'failed'; readonly detail: string }

export type ReleaseOutcome =
  | NotBegun
  /** The backend took it (2xx), and the entry is gone. */
  | { readonly outcome: 'released'; readonly answer: BackendAnswer; readonly flaw: string | null }
  /** The backend said no (4xx): it is held as before. */
  | { readonly outcome: 'refused'; readonly answer: BackendAnswer; readonly flaw: string | null }
  /** No byte of it got to a backend: it is held as before. */
  | { readonly outcome: 'unreachable'; readonly detail: string; readonly flaw: string | null }
  /** This release may have reached the backend, and nobody knows whether it acted on it. */
  | {
      readonly outcome: 'unclear'
      readonly answer: BackendAnswer | null
      readonly detail: string
      readonly flaw: string | null
    }
  /** It cannot be sent, now or ever; it is held as before. */
  | { readonly outcome: 'impossible'; readonly detail: string }

/** Whether it is the release just made whose end is not known, and not an earlier one. */
export function endsUnclear(ended: ReleaseOutcome | DeleteOutcome): boolean {
  return ended.outcome === 'unclear' && !('by' in ended)
}

export type DeleteOutcome = NotBegun | { readonly outcome: 'deleted' }
