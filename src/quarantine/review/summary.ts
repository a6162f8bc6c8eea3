import type { Entry } from '../entry.ts'
import type { Attempt } from './attempt.ts'
import type { DeleteOutcome, ReleaseOutcome } from './outcome.ts'
import type { ReviewedEntry, ReviewedRow } from './review.ts'
import type { ReviewState } from './state.ts'

/** What is told of an attempt: not on which machine. */
export type ToldAttempt = Pick<Attempt, 'action' | 'who' | 'why' | 'time' | 'result' | 'status'>

/** An entry in one row of a list. */
export interface Summary {
  readonly id: string
  /** ISO 8601, in UTC. */
  readonly time: string
  readonly state: ReviewState
  readonly client: string
  readonly route: string
  readonly policy: string
  readonly owner: string | null
  readonly upstream: string
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly fields: number
  readonly files: number
  /** Bytes of all contents. */
  readonly size: number
  /** Enforced rules that did not hold, each once. */
  readonly rules: readonly string[]
  /** Who is or was at it, where it is not held. */
  readonly attempt: ToldAttempt | null
}

export function summaryOf({ entry, state, attempt }: ReviewedRow): Summary {
  const { id, time, client, route, policy, owner, upstream, request, parts, findings } = entry
  const rules = findings.filter(({ mode }) => mode === 'enforce').map(({ rule }) => rule)
  return {
    id,
    time: new Date(time).toISOString(),
    state,
    client,
    route,
    policy,
    owner,
    upstream,
    method: request.method,
    path: request.target.split('?', 1)[0] ?? '',
    fields: parts.filter(({ kind }) => kind === 'field').length,
    files: parts.filter(({ kind }) => kind === 'file').length,
    size: parts.reduce((sum, part) => sum + part.size, 0),
    rules: [...new Set(rules)],
    attempt: toldAttempt(attempt),
  }
}

/** All of an entry. */
export interface ToldEntry extends Entry {
  readonly state: ReviewState
  /** Bytes that it takes in the store. */
  readonly bytes: number
  /** Who is or was at it, if anybody. */
  readonly attempt: ToldAttempt | null
}

export function toldEntry({ entry, state, bytes, attempt }: ReviewedEntry): ToldEntry {
  return { ...entry, state, bytes, attempt: toldAttempt(attempt) }
}

/** An outcome as a document. */
export function toldOutcome(ended: ReleaseOutcome | DeleteOutcome): object {
  return 'by' in ended ? { ...ended, by: toldAttempt(ended.by) } : ended
}

function toldAttempt(attempt: Attempt | null): ToldAttempt | null {
  if (attempt === null) return null
  const { action, who, why, time, result, status } = attempt
  return { action, who, why, time, result, status }
}
