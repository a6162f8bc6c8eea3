import type { IncomingMessage, ServerResponse } from 'node:http'
import type { InboundRequest, StartPaceWatch } from '../path/types.ts'
import type { Violation } from '../problems/violation.ts'
import type { Turns } from '../turns.ts'
import { relayResponse } from '../upstream/relay-response.ts'
import { requestHeaders } from '../upstream/request-headers.ts'
import { type Sent, send } from '../upstream/send.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { UpstreamRequest } from '../upstream/upstream-request.ts'
import { MessageBody } from './message-body.ts'

/** A request on a route without a policy, and where its answer goes. */
export interface PassThroughExchange {
  readonly request: InboundRequest
  readonly message: IncomingMessage
  readonly response: ServerResponse
  /** The client waits for 100 (Continue); it is sent when the backend starts to take the body. */
  readonly expectsContinue?: boolean
  /** Deadlines for the body of the request. */
  readonly watch?: StartPaceWatch
  /** Long bodies go by turns. */
  readonly turns?: Turns
  readonly signal?: AbortSignal
  /** Appended to those of the answer, name and value by turns; asked for when its head is written. */
  readonly answerFields?: () => readonly string[]
}

/**
 * Relays a request and its answer, streaming both ways, unchanged but for the fields of `requestHeaders` and the
 * framing, which is decided here from what was read. Where nothing was sent to the client, the result is `failed`, or
 * `broken` with status null, and the response is untouched.
 */
export function passThrough(exchange: PassThroughExchange, upstream: Upstream): Promise<Sent> {
  const { request, response, signal, answerFields } = exchange
  const plain = {
    method: request.method,
    path: request.target,
    headers: requestHeaders(request),
    lane: 'interactive',
    retryFor: 0,
  } as const
  const sink = relayResponse(response, answerFields)
  if (request.body.kind === 'none' || (request.body.kind === 'length' && request.body.length === 0)) {
    return send(upstream, signal ? { ...plain, body: null, signal } : { ...plain, body: null }, sink)
  }
  return sendBody(exchange, upstream, plain)
}

type Plain = Omit<UpstreamRequest, 'body' | 'signal'>

async function sendBody(exchange: PassThroughExchange, upstream: Upstream, plain: Plain): Promise<Sent> {
  const { message, response, expectsContinue = false, watch, turns = null, signal, answerFields } = exchange
  const pace = new AbortController()
  let expired: Violation | null = null
  const startWatch = () =>
    watch?.((violation) => {
      expired = violation
      pace.abort()
    }) ?? null
  const body = new MessageBody(message, { response, expectsContinue, startWatch, turns })
  const signals = signal ? AbortSignal.any([signal, pace.signal]) : pace.signal
  const sink = relayResponse(response, answerFields)
  try {
    const sent = await send(upstream, { ...plain, body: () => body, signal: signals }, sink)
    return expired ? tooSlow(sent, expired) : sent
  } catch {
    // The one thing that makes the body fail is its client.
    const status = response.headersSent ? response.statusCode : null
    return { kind: 'broken', by: 'client', status, bytes: sink.bytes, backend: 'unknown', failure: null }
  }
}

/** A stalled client can still be told, unless an answer had begun. */
function tooSlow(sent: Sent, expired: Violation): Sent {
  if (sent.kind !== 'broken' || sent.status !== null) return sent
  return { kind: 'failed', refusal: { violations: [expired], backend: sent.backend }, failure: null }
}
