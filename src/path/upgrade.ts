import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { passUpgrade } from '../pass-through/upgrade.ts'
import { problemAnswer } from '../problems/answer.ts'
import { type Refusal, refusal, violation } from '../problems/violation.ts'
import { connectionOf } from './1-connection/connection.ts'
import { answerEarly } from './1-connection/early-answer.ts'
import { receive } from './1-connection/inbound.ts'
import { chooseRoute } from './2-route/choose.ts'
import { admitByLimits } from './3-admission/limits.ts'
import { type Surroundings, withReason } from './lifecycle.ts'
import { type End, Trail } from './trail.ts'

/** A handshake as Node's server hands it over: the socket has left the parser, `head` is what came after the request. */
export interface UpgradeExchange {
  readonly message: IncomingMessage
  readonly socket: Socket
  readonly head: Buffer
}

/** Serves a WebSocket handshake, and the tunnel that follows from it, to its record. Never rejects. */
export async function serveUpgrade(exchange: UpgradeExchange, surroundings: Surroundings): Promise<void> {
  const { message, socket } = exchange
  const trail = new Trail(surroundings.hash, socket.remoteAddress ?? '')
  try {
    trail.end = await run(exchange, surroundings, trail)
  } catch (fault) {
    surroundings.onFault(fault)
    trail.end = { kind: 'refused', refusal: { ...refusal(violation('gateway.fault')), backend: 'unknown' } }
  }
  trail.limits?.end(0)
  if (trail.refusal) refuse(message, socket, trail.refusal, trail, surroundings)
  surroundings.record(trail.record())
}

async function run(exchange: UpgradeExchange, surroundings: Surroundings, trail: Trail): Promise<End> {
  const { message, socket } = exchange
  const request = receive(message, { peerAddress: socket.remoteAddress, encrypted: false }, surroundings.trusted)
  if ('failed' in request) return { kind: 'refused', refusal: refusal(request) }
  trail.request = request
  const route = chooseRoute(surroundings.routes, request)
  if ('failed' in route) return { kind: 'refused', refusal: refusal(route) }
  trail.route = route
  const limited = admitByLimits(surroundings.limiter, request, route, 'no-body')
  if (limited !== null) trail.limits = await limited
  const { limits } = trail
  if (limits?.refusal) return { kind: 'refused', refusal: limits.refusal }
  const upstream = surroundings.upstreams.get(route.upstream)
  if (route.policy !== null || !upstream) return { kind: 'refused', refusal: refusal(violation('framing.upgrade')) }
  const { stopping } = surroundings
  const answerFields = limits === null ? [] : limits.fields()
  const sent = await passUpgrade({ request, ...exchange, answerFields, signal: stopping }, upstream)
  return sent.kind === 'answered' && sent.status === 101 ? { kind: 'upgraded' } : withReason(sent, stopping, socket)
}

function refuse(
  message: IncomingMessage,
  socket: Socket,
  told: Refusal,
  trail: Trail,
  { metrics }: Surroundings,
): void {
  const answer = problemAnswer(told, {
    requestId: trail.requestId,
    policy: trail.route?.policy?.name ?? null,
    owner: trail.route?.policy?.owner ?? null,
    accept: message.headers.accept,
    method: 'GET',
  })
  answer.headers.push(...(trail.limits?.fields() ?? []))
  answerEarly(connectionOf(socket), answer, (bytes) => metrics.drainedBytes.inc(bytes))
}
