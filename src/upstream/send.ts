import { performance } from 'node:perf_hooks'
import type { Refusal } from '../problems/violation.ts'
import { violation } from '../problems/violation.ts'
import type { AnswerSink } from './answer-sink.ts'
import { attempt, type Outcome } from './attempt.ts'
import type { Failure } from './failure.ts'
import type { FailureKind } from './failure-kind.ts'
import type { Upstream } from './upstream.ts'
import type { UpstreamRequest } from './upstream-request.ts'

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

/**
 * Sends a request to one of the upstream's backends and its answer to the sink. The next backend is tried only where
 * no byte of the request was written to the one before. Rejects only when the source of the body fails.
 */
export async function send(upstream: Upstream, request: UpstreamRequest, sink: AnswerSink): Promise<Sent> {
  const begun = performance.now()
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const outcome = await tryEach(upstream, request, sink)
    const mayRetry = isRetryable(outcome) && performance.now() + pause - begun < request.retryFor
    if (!mayRetry) return toSent(outcome, sink, begun)
    if (!(await waited(pause, request, sink))) return toSent(brokenOff, sink, begun)
  }
}

async function tryEach(upstream: Upstream, request: UpstreamRequest, sink: AnswerSink): Promise<Outcome> {
  let outcome: Outcome = brokenOff
  for (const endpoint of upstream.order()) {
    if (sink.gone || request.signal?.aborted) return brokenOff
    outcome = await attempt(endpoint, upstream.config, request, sink)
    if (!isRetryable(outcome)) return outcome
    endpoint.failedAt = performance.now()
  }
  return outcome
}

const notSent: Failure = { kind: 'closed', problem: 'upstream.reset', backend: 'untouched' }
const brokenOff: Outcome = { kind: 'broken', by: 'client', status: null, failure: notSent }

const retryable: ReadonlySet<FailureKind> = new Set(['connect', 'connect-timeout', 'tls'])

function isRetryable(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.failure.backend === 'untouched' && retryable.has(outcome.failure.kind)
}

/** Resolves to false at once when the client goes or the signal is aborted. */
function waited(milliseconds: number, { signal }: UpstreamRequest, sink: AnswerSink): Promise<boolean> {
  if (sink.gone || signal?.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const finish = (elapsed: boolean): void => {
      clearTimeout(timer)
      sink.onClosed(null)
      signal?.removeEventListener('abort', stop)
      resolve(elapsed)
    }
    const stop = (): void => finish(false)
    const timer = setTimeout(finish, milliseconds, true)
    sink.onClosed(stop)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

function toSent(outcome: Outcome, sink: AnswerSink, begun: number): Sent {
  if (outcome.kind === 'answered') {
    return { kind: 'answered', status: outcome.status, bytes: sink.bytes, upstreamMs: outcome.answeredAt - begun }
  }
  const { kind, problem, backend } = outcome.failure
  if (outcome.kind === 'failed')
    return { kind: 'failed', refusal: { violations: [violation(problem)], backend }, failure: kind }
  const { by, status } = outcome
  return { kind: 'broken', by, status, bytes: sink.bytes, backend, failure: by === 'client' ? null : kind }
}
