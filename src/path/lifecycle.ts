import type { Socket } from 'node:net'
import type { Limiter } from '../limits/limiter.ts'
import type { Metrics } from '../metrics/registry.ts'
import { passThrough } from '../pass-through/relay.ts'
import { type Refusal, refusal, type Violation, violation } from '../problems/violation.ts'
import type { Turns } from '../turns.ts'
import type { AnswerUploadPolicy, OwnAnswer } from '../upload-policy/answer.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { type BodyPace, watchBody } from './1-connection/body-deadline.ts'
import { receive } from './1-connection/inbound.ts'
import type { Exchange } from './1-connection/server.ts'
import type { TrustedProxies } from './1-connection/trusted-proxies.ts'
import { channelOf } from './2-route/channel.ts'
import { allowedMethods, type ChosenRoute, chooseRoute } from './2-route/choose.ts'
import type { RouteTable } from './2-route/table.ts'
import { normaliseTarget } from './2-route/target.ts'
import { admitByLimits } from './3-admission/limits.ts'
import type { Permits } from './3-admission/permits.ts'
import { abortReason } from './4-multipart/receive.ts'
import type { Examiners } from './5-inspection/collect-facts.ts'
import type { Hold } from './7-hold/hold.ts'
import type { KeepForReview } from './8-quarantine/keep-for-review.ts'
import type { RecordRequest } from './9-record/recorder.ts'
import { respond } from './respond.ts'
import { type End, Trail } from './trail.ts'
import type { InboundRequest, StartPaceWatch } from './types.ts'
import { runUpload } from './upload.ts'

/** What all requests share. It stands still for a request: one configuration from its beginning to its end. */
export interface Surroundings {
  /** Hash of the configuration. */
  readonly hash: string
  readonly routes: RouteTable
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly trusted: TrustedProxies
  readonly pace: BodyPace
  readonly limiter: Limiter
  readonly hold: Hold
  readonly permits: Permits
  /** Of work on bodies on the event loop. */
  readonly turns: Turns
  readonly examiners: Examiners
  readonly keepForReview: KeepForReview | null
  /** Null where clients are not told of policies. */
  readonly uploadPolicy: AnswerUploadPolicy | null
  readonly metrics: Metrics
  readonly record: RecordRequest
  readonly onFault: (fault: unknown) => void
  /** Aborted with a violation when the time to drain is over. */
  readonly stopping: AbortSignal
}

/** Serves one request from its first stage to its record, whatever happens on the way. Never rejects. */
export async function serveExchange(exchange: Exchange, surroundings: Surroundings): Promise<void> {
  const trail = new Trail(surroundings.hash, exchange.message.socket.remoteAddress ?? '')
  try {
    trail.end = await run(exchange, surroundings, trail)
  } catch (fault) {
    surroundings.onFault(fault)
    const backend = trail.touched ? 'unknown' : 'untouched'
    trail.end = { kind: 'refused', refusal: { ...refusal(violation('gateway.fault')), backend } }
  }
  trail.limits?.end(trail.received)
  try {
    tell(exchange, trail, surroundings)
  } catch (fault) {
    surroundings.onFault(fault)
    exchange.response.destroy()
  }
  surroundings.record(trail.record())
}

function tell(exchange: Exchange, trail: Trail, surroundings: Surroundings): void {
  const { end, refusal: told, requestId, request, route } = trail
  const allow = told ? allowed(told, request, surroundings) : []
  const timings = trail.lane === 'upload' ? trail.stopwatch.timings : null
  const fields = trail.limits?.fields() ?? []
  if (told) respond(exchange, told, { requestId, request, route, allow, fields, timings }, surroundings.metrics)
  else if (end?.kind === 'broken') exchange.response.destroy()
}

async function run(exchange: Exchange, surroundings: Surroundings, trail: Trail): Promise<End> {
  const { message } = exchange
  const request = receive(
    message,
    { peerAddress: message.socket.remoteAddress, encrypted: false },
    surroundings.trusted,
  )
  trail.stopwatch.lap('connection')
  if ('failed' in request) return refused(request)
  trail.request = request
  const own = surroundings.uploadPolicy?.(request) ?? null
  if (own !== null) return answerOwn(exchange, await own)
  const route = chooseRoute(surroundings.routes, request)
  trail.stopwatch.lap('route')
  if ('failed' in route) return refused(route)
  trail.route = route
  const channel = route.policy === null ? 'no-policy' : channelOf(request, route.policy)
  const limited = admitByLimits(surroundings.limiter, request, route, channel)
  if (limited !== null) trail.limits = await limited
  if (trail.limits?.refusal) return { kind: 'refused', refusal: trail.limits.refusal }
  if (typeof channel === 'object') return refused(channel)
  if (request.body.kind === 'none') {
    const { stopping } = surroundings
    const end = await relay(exchange, request, route, surroundings, trail, stopping)
    return withReason(end, stopping, exchange.response)
  }
  return withSignal(exchange, surroundings, (signal) =>
    channel === 'multipart' || channel === 'raw'
      ? upload(exchange, request, route, channel, surroundings, trail, signal)
      : relay(exchange, request, route, surroundings, trail, signal),
  )
}

function answerOwn({ response }: Exchange, answer: OwnAnswer | Violation): End {
  if ('failed' in answer) return refused(answer)
  response.writeHead(answer.status, [...answer.headers]).end(answer.body)
  return { kind: 'own', status: answer.status, bytes: answer.body.length }
}

/** Gives `work` a signal that is aborted when the client goes, when its bytes stop being HTTP, or when time is up. */
async function withSignal(
  { connection, message, response }: Exchange,
  { stopping }: Surroundings,
  work: (signal: AbortSignal) => Promise<End>,
): Promise<End> {
  const controller = new AbortController()
  // `close` also follows an answer that was written out whole.
  const onClose = (): void => {
    if (!response.writableFinished) controller.abort(violation('body.aborted'))
  }
  response.once('close', onClose)
  // It may have gone while its limits were asked.
  if (response.destroyed) onClose()
  connection.whileReading({ message, fail: (reason) => controller.abort(reason) })
  try {
    const signal = AbortSignal.any([controller.signal, stopping])
    return withReason(await work(signal), signal, response)
  } finally {
    connection.whileReading(null)
    response.off('close', onClose)
  }
}

/** A client that is still there is told why its request was broken off, unless an answer had begun. */
export function withReason(end: End, signal: AbortSignal, client: { readonly destroyed: boolean }): End {
  if (end.kind !== 'broken' || end.status !== null || !signal.aborted || client.destroyed) return end
  return { kind: 'failed', refusal: { violations: [abortReason(signal)], backend: end.backend }, failure: end.failure }
}

async function relay(
  exchange: Exchange,
  request: InboundRequest,
  route: ChosenRoute,
  surroundings: Surroundings,
  trail: Trail,
  signal: AbortSignal,
): Promise<End> {
  const { message, response, expectsContinue } = exchange
  trail.touched = true
  const { limits } = trail
  const end = await passThrough(
    {
      request,
      message,
      response,
      expectsContinue,
      ...(limits !== null && { answerFields: () => limits.fields() }),
      watch: countingWatch(surroundings.pace, message.socket, trail),
      turns: surroundings.turns,
      signal,
    },
    upstreamOf(route, surroundings),
  )
  trail.stopwatch.lap('relay')
  return end
}

/** The watch sees every byte of a relayed body, and so is where they are counted, and limited where their number was not announced. */
function countingWatch(pace: BodyPace, socket: Socket, trail: Trail): StartPaceWatch {
  return (onExpired) => {
    const watch = watchBody(pace, socket, onExpired)
    return {
      ...watch,
      progress(bytes) {
        trail.relayed += bytes
        void trail.limits?.came(trail.relayed)
        const over = trail.limits?.refusal ?? null
        if (over === null) watch.progress(bytes)
        else onExpired(over.violations[0])
      },
    }
  }
}

async function upload(
  exchange: Exchange,
  request: InboundRequest,
  route: ChosenRoute,
  channel: 'multipart' | 'raw',
  surroundings: Surroundings,
  trail: Trail,
  signal: AbortSignal,
): Promise<End> {
  if (!route.policy) throw new Error('an upload was to be judged without a policy')
  trail.lane = 'upload'
  exchange.connection.patient = true
  surroundings.metrics.uploadsInFlight.inc()
  try {
    const { hold, permits, examiners, keepForReview, pace, stopping, hash: configuration } = surroundings
    const shared = { hold, permits, examiners, keepForReview, pace, stopping, configuration }
    const target = normaliseTarget(request.target)
    const path = 'failed' in target ? request.target : target.path
    const upstream = upstreamOf(route, surroundings)
    const onRelease = (): void => {
      trail.touched = true
    }
    const asked = { exchange, request, policy: route.policy, route: route.name, channel, path, upstream }
    const { limits, stopwatch } = trail
    trail.upload = await runUpload({ ...shared, ...asked, limits, signal, stopwatch, onRelease })
    return trail.upload.end
  } finally {
    surroundings.metrics.uploadsInFlight.dec()
    exchange.connection.patient = false
  }
}

function upstreamOf(route: ChosenRoute, { upstreams }: Surroundings): Upstream {
  const upstream = upstreams.get(route.upstream)
  if (!upstream) throw new Error(`no upstream is named ${route.upstream}`)
  return upstream
}

/** RFC 9110 15.5.6: a 405 names the methods that are accepted. */
function allowed({ violations }: Refusal, request: InboundRequest | null, { routes }: Surroundings): readonly string[] {
  return request && violations[0].id === 'route.method' ? allowedMethods(routes, request) : []
}

function refused(violation: Violation): End {
  return { kind: 'refused', refusal: refusal(violation) }
}
