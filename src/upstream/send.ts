import { performance } from 'node:perf_hooks'
import type { Refusal } from '../problems/violation.ts'
import { violation } from '../problems/violation.ts'
import type { AnswerSink } from './answer-sink.ts'
import { attempt, type Outcome } from './attempt.ts'
import { type Ending, type Endpoint, isUnavailable, isUnreachable } from './endpoint.ts'
import type { Failure } from './failure.ts'
import type { FailureKind } from './failure-kind.ts'
import type { Upstream } from './upstream.ts'
import type { UpstreamRequest } from './upstream-request.ts'
import { waited } from './waited.ts'

/** What became of a request. */
export type Sent = Answered | Broken | Failed

export interface Answered {
  readonly kind: 'answered'
  readonly status: number
  /** Body bytes that the client was sent. */
  readonly bytes: number
  /** Milliseconds until the head of the answer came. */
  readonly upstreamMs: number
}

/** Broken off without a complete answer. Where a head had been sent, the client's connection has been destroyed. */
export interface Broken {
  readonly kind: 'broken'
  /** `client` also where the signal was aborted. */
  readonly by: 'client' | 'upstream'
  /** Null where nothing was sent to the client: its response can still be answered on, if it is there. */
  readonly status: number | null
  readonly bytes: number
  readonly backend: 'untouched' | 'unknown'
  /** Null where the client broke off. */
  readonly failure: FailureKind | null
}

/** Nothing was sent to the client: the refusal is the caller's to answer. */
export interface Failed {
  readonly kind: 'failed'
  readonly refusal: Refusal
  /** Null where no backend is to blame. */
  readonly failure: FailureKind | null
}

const firstPause = 100
const longestPause = 1_000
/** A request that was sent already takes the backend more than a connection. */
const longestRepeatPause = 5_000

/**
 * Sends a request to one of the upstream's backends and its answer to the sink. The next backend is tried only where
 * no byte of the request was written to the one before, or the request is repeatable; never two at a time. Rejects only
 * when the source of the body fails.
 */
export async function send(upstream: Upstream, request: UpstreamRequest, sink: AnswerSink): Promise<Sent> {
  const sending = new Sending(upstream, request, sink)
  for (;;) {
    const outcome = await sending.round()
    if (outcome !== null) return sending.toSent(outcome)
    if (!(await waited(sending.pause(), upstream, request, sink))) return sending.toSent(brokenOff)
  }
}

/** An outcome that is told to the client. */
type Final = Exclude<Outcome, { readonly kind: 'declined' }>

const notSent: Failure = { kind: 'closed', problem: 'upstream.reset', backend: 'untouched' }
const brokenOff: Final = { kind: 'broken', by: 'client', status: null, failure: notSent }

/** One request and all that was tried with it so far. */
class Sending {
  readonly #upstream: Upstream
  readonly #request: UpstreamRequest
  readonly #sink: AnswerSink
  readonly #begun = performance.now()
  #pause = firstPause
  #attempts = 0
  /** A backend has got something of it. */
  #touched = false

  constructor(upstream: Upstream, request: UpstreamRequest, sink: AnswerSink) {
    this.#upstream = upstream
    this.#request = request
    this.#sink = sink
  }

  /** Tries the backends in turn. Null: all of it again after a pause. */
  async round(): Promise<Final | null> {
    let outcome: Outcome = brokenOff
    for (const endpoint of this.#upstream.order()) {
      if (this.#sink.gone || this.#request.signal?.aborted) return brokenOff
      outcome = await this.#attempt(endpoint)
      if (outcome.kind !== 'declined' && !this.#isRetryable(outcome)) return outcome
    }
    return outcome.kind === 'declined' || this.#hasTime() ? null : outcome
  }

  /** Milliseconds until the next round. */
  pause(): number {
    const pause = this.#pause
    this.#pause = Math.min(pause * 2, this.#touched ? longestRepeatPause : longestPause)
    return pause
  }

  toSent(outcome: Final): Sent {
    const { bytes } = this.#sink
    if (outcome.kind === 'answered') {
      return { kind: 'answered', status: outcome.status, bytes, upstreamMs: outcome.answeredAt - this.#begun }
    }
    const { kind, problem } = outcome.failure
    const backend = this.#touched ? 'unknown' : outcome.failure.backend
    if (outcome.kind === 'failed')
      return { kind: 'failed', refusal: { violations: [violation(problem)], backend }, failure: kind }
    const { by, status } = outcome
    return { kind: 'broken', by, status, bytes, backend, failure: by === 'client' ? null : kind }
  }

  async #attempt(endpoint: Endpoint): Promise<Outcome> {
    this.#attempts += 1
    if (this.#attempts > 1) this.#upstream.retrying()
    const visit = endpoint.visit()
    let ending: Ending = null
    try {
      const outcome = await attempt(endpoint, this.#upstream.config, this.#request, this.#sink, (status) => {
        visit.head(status)
        return this.#declines(status) ? 'decline' : 'pass'
      })
      ending = endingOf(outcome)
      this.#touched ||=
        outcome.kind === 'declined' || (outcome.kind !== 'answered' && outcome.failure.backend === 'unknown')
      return outcome
    } finally {
      visit.end(ending)
    }
  }

  /**
   * Whether an answer is left unread because the next may be better. One that declines is followed by another attempt,
   * so that there is always an answer to pass on.
   */
  #declines(status: number): boolean {
    if (!this.#request.repeatable || !this.#hasTime()) return false
    // Idempotency-Key, section 2.6 of the draft: the first copy is still being worked on.
    return isUnavailable(status) || (status === 409 && this.#touched)
  }

  #isRetryable(outcome: Outcome): boolean {
    if (outcome.kind !== 'failed') return false
    if (outcome.failure.backend === 'untouched') return isUnreachable(outcome.failure)
    return this.#request.repeatable === true && repeatableKinds.has(outcome.failure.kind) && this.#hasTime()
  }

  #hasTime(): boolean {
    return performance.now() + this.#pause - this.#begun < this.#request.retryFor
  }
}

const repeatableKinds: ReadonlySet<FailureKind> = new Set(['reset', 'timeout'])

/** What an outcome says of the backend. */
function endingOf(outcome: Outcome): Ending {
  if (outcome.kind === 'answered' || outcome.kind === 'declined') return { status: outcome.status }
  return outcome.kind === 'broken' && outcome.by === 'client' ? null : { failure: outcome.failure }
}
