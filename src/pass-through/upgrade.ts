import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { InboundRequest } from '../path/types.ts'
import { type Refusal, refusal, violation } from '../problems/violation.ts'
import type { Ending, Endpoint } from '../upstream/endpoint.ts'
import type { Failure } from '../upstream/failure.ts'
import type { Sent } from '../upstream/send.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { type HandshakeOutcome, handshake } from './handshake.ts'
import { isKey } from './websocket.ts'

/** An upgrade as Node's server hands it over: the socket has left the parser, `head` is what came after the request. */
export interface UpgradeExchange {
  readonly request: InboundRequest
  readonly message: IncomingMessage
  readonly socket: Socket
  readonly head: Buffer
  /** Appended to those of the answer, name and value by turns. */
  readonly answerFields?: readonly string[]
  /** Ends the handshake, or the tunnel. */
  readonly signal?: AbortSignal
}

/**
 * Carries a WebSocket over http-proxy, and no other protocol. Resolves when the tunnel has ended (`answered` with status
 * 101), when the backend's other answer was relayed and the connection closed, or when there is nothing to carry:
 * then the socket is the caller's again.
 */
export async function passUpgrade(exchange: UpgradeExchange, upstream: Upstream): Promise<Sent> {
  // A socket that has left the parser has nobody else to hear its errors.
  exchange.socket.on('error', ignore)
  const refused = refuseUpgrade(exchange.request)
  if (refused) return { kind: 'failed', refusal: refused, failure: null }
  let failure: Failure = unreached
  for (const endpoint of upstream.order()) {
    const outcome = await visit(exchange, endpoint, upstream)
    if ('sent' in outcome) return outcome.sent
    failure = outcome.failure
    if (failure.backend !== 'untouched') break
  }
  return toSent(failure)
}

/** A tunnel counts as a request in flight for as long as it is open. */
async function visit(exchange: UpgradeExchange, endpoint: Endpoint, upstream: Upstream): Promise<HandshakeOutcome> {
  const visited = endpoint.visit()
  let ending: Ending = null
  try {
    const outcome = await handshake(exchange, endpoint.url, upstream.config, (status) => visited.head(status))
    ending = endingOf(outcome)
    return outcome
  } finally {
    visited.end(ending)
  }
}

function endingOf(outcome: HandshakeOutcome): Ending {
  if ('failure' in outcome) return { failure: outcome.failure }
  return outcome.sent.kind === 'answered' ? { status: outcome.sent.status } : null
}

/**
 * A handshake by RFC 6455 4.1, without a body: a backend that takes it for an ordinary request would read one that the
 * gateway never judged.
 */
function refuseUpgrade({ method, body, headers }: InboundRequest): Refusal | null {
  const refuse = (failed: string): Refusal => refusal(violation('framing.upgrade', { failed }))
  if (body.kind !== 'none') return refuse('the upgrade carries a body')
  if (method !== 'GET') return refuse('the method of the upgrade is not GET')
  if (value(headers.upgrade).toLowerCase() !== 'websocket') return refuse('the protocol is not WebSocket')
  if (!isKey(value(headers['sec-websocket-key']))) return refuse('Sec-WebSocket-Key is not 16 bytes in Base64')
  return null
}

function value(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header.trim() : ''
}

const unreached: Failure = { kind: 'connect', problem: 'upstream.unreachable', backend: 'untouched' }

function toSent({ problem, backend, kind }: Failure): Sent {
  return { kind: 'failed', refusal: { violations: [violation(problem)], backend }, failure: kind }
}

function ignore(): void {}
