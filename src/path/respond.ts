import { STATUS_CODES } from 'node:http'
import type { Metrics } from '../metrics/registry.ts'
import { problemAnswer } from '../problems/answer.ts'
import type { Refusal } from '../problems/violation.ts'
import { answerEarly } from './1-connection/early-answer.ts'
import type { Exchange } from './1-connection/server.ts'
import type { ChosenRoute } from './2-route/choose.ts'
import { serverTiming } from './server-timing.ts'
import type { Timings } from './stopwatch.ts'
import type { InboundRequest } from './types.ts'

/** What the answer says besides the refusal, as far as the request got. */
export interface AnswerContext {
  readonly requestId: string
  readonly request: InboundRequest | null
  readonly route: ChosenRoute | null
  /** Methods for the Allow field; none where the problem is no 405. */
  readonly allow: readonly string[]
  /** RateLimit fields and the like, name and value by turns. */
  readonly fields: readonly string[]
  /** Of an upload; null for other traffic, whose answers tell none. */
  readonly timings: Timings | null
}

/** Answers a refused or failed request, in the way that lets the client read it. */
export function respond(exchange: Exchange, refusal: Refusal, context: AnswerContext, metrics: Metrics): void {
  const { connection, message, response } = exchange
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const { requestId, request, route, timings } = context
  const answer = problemAnswer(refusal, {
    requestId,
    policy: route?.policy?.name ?? null,
    owner: route?.policy?.owner ?? null,
    accept: message.headers.accept,
    method: message.method ?? 'GET',
    ...(context.allow.length > 0 && { allow: context.allow }),
  })
  answer.headers.push(...context.fields)
  if (timings) answer.headers.push(...serverTiming(timings))
  const isRead = message.complete || request?.body.kind === 'none'
  // The reason is named, since one of the backend's that could not be written on is still on the response.
  const reason = STATUS_CODES[answer.status] ?? ''
  if (request && isRead) response.writeHead(answer.status, reason, answer.headers).end(answer.body)
  else answerEarly(connection, answer, (bytes) => metrics.drainedBytes.inc(bytes))
}
