import type { Attempt } from './attempt.ts'
import type { ReviewedEntry } from './review.ts'

/** What is told of an attempt: not on which machine. */
export type ToldAttempt = Pick<Attempt, 'action' | 'who' | 'why' | 'time' | 'result' | 'status'>

/** An entry in one row of a list. */
export interface Summary {
  readonly id: string
  /** ISO 8601, in UTC. */
  readonly time: string
  readonly state: ReviewedEntry['state']
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
  /** Who is or was at it, where it is being released. */
  readonly attempt: ToldAttempt | null
}

export function summaryOf({ entry, state, attempt }: ReviewedEntry): Summary {
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

export function toldAttempt(attempt: Attempt | null): ToldAttempt | null {
  if (attempt === null) return null
  const { action, who, why, time, result, status } = attempt
  return { action, who, why, time, result, status }
}
