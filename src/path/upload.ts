import type { LimitedRequest } from '../limits/limited-request.ts'
import { type Ceilings, ceilings, unpackingCeilings } from '../policy/ceilings.ts'
import type { Policy } from '../policy/policy.ts'
import { type RuleId, ruleIds } from '../problems/catalogue.ts'
import { type Refusal, refusal as refusalOf, type Violation, violation } from '../problems/violation.ts'
import { relayResponse } from '../upstream/relay-response.ts'
import { type Sent, send } from '../upstream/send.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { type BodyPace, watchBody } from './1-connection/body-deadline.ts'
import type { Exchange } from './1-connection/server.ts'
import { announcedLength, exceedsCeiling, refuseHeaders } from './3-admission/admit.ts'
import { metered } from './3-admission/limits.ts'
import { neededScanners } from './3-admission/needed-scanners.ts'
import type { Permits } from './3-admission/permits.ts'
import { type BodyReader, multipartReader, rawReader } from './4-multipart/body-reader.ts'
import { requestBoundary } from './4-multipart/boundary.ts'
import { rawPartHeader } from './4-multipart/raw-header.ts'
import { abortReason, receiveBody } from './4-multipart/receive.ts'
import { collectFacts, type Examiners } from './5-inspection/collect-facts.ts'
import { type Judgement, judge } from './6-verdict/judge.ts'
import { diskViolation } from './7-hold/disk-violation.ts'
import type { Hold } from './7-hold/hold.ts'
import type { Holding } from './7-hold/holding.ts'
import type { KeepForReview } from './8-quarantine/keep-for-review.ts'
import { type Composed, composeRelease } from './8-release/compose.ts'
import { type Release, releaseRequest } from './8-release/request.ts'
import { type RewrittenParts, rewriteFiles } from './8-release/rewrite-files.ts'
import { serverTiming } from './server-timing.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { HeldPart, InboundRequest, RewrittenFile, UploadFacts, Verdict } from './types.ts'

/** One upload and what it needs; everything in it outlives the upload, except what `runUpload` opens itself. */
export interface UploadJob {
  readonly exchange: Exchange
  readonly request: InboundRequest
  readonly policy: Policy
  readonly channel: 'multipart' | 'raw'
  /** Decoded path. */
  readonly path: string
  readonly upstream: Upstream
  /** Null where the route has none. */
  readonly limits: LimitedRequest | null
  readonly hold: Hold
  readonly permits: Permits
  readonly examiners: Examiners
  /** Null where nothing is kept for review. */
  readonly keepForReview: KeepForReview | null
  /** The route's path pattern. */
  readonly route: string
  /** Hash of the configuration. */
  readonly configuration: string
  readonly pace: BodyPace
  /** Aborted when the client has gone, or when time is up. */
  readonly signal: AbortSignal
  /** Aborted when time is up. */
  readonly stopping: AbortSignal
  readonly stopwatch: Stopwatch
  /** From now on a backend may see something of the upload. */
  readonly onRelease: () => void
}

/** What became of an upload, with all that its record needs. */
export interface UploadResult {
  readonly end: Sent | { readonly kind: 'refused'; readonly refusal: Refusal }
  readonly facts: UploadFacts | null
  readonly verdict: Verdict | null
  /** The rule whose limit ended the reading of the body; null where it was read to its end. */
  readonly stoppedBy: RuleId | null
  readonly rewritten: readonly RewrittenFile[]
  /** Id of the entry in the quarantine; null where nothing was kept. */
  readonly quarantine: string | null
  readonly received: number
  readonly released: number
}

/** Takes an upload through its stages, in their order. Rejects only on faults of the gateway itself. */
export async function runUpload(job: UploadJob): Promise<UploadResult> {
  const unfit = refuseHeaders(job.request)
  if (unfit) return stopped(unfit)
  const limits = ceilings(job.policy)
  if (exceedsCeiling(job.request, limits)) return judgeAnnounced(job)
  const permit = await admit(job)
  job.stopwatch.lap('admission')
  if ('violations' in permit) return refused(permit, null, null, 0)
  try {
    return await receiveAndJudge(job, limits, permit.held)
  } finally {
    await permit.held.release().finally(permit.release)
  }
}

async function admit({ request, policy, channel, upstream, hold, permits, signal }: UploadJob) {
  const announced = announcedLength(request)
  const { scanners } = policy.files
  const demand = {
    size: announced ?? policy.request.size,
    upstream: upstream.config.name,
    scanners,
    needed: neededScanners(policy, channel, announced),
    reserve: () => hold.admit(announced),
    signal,
  }
  try {
    return await permits.take(demand)
  } catch (error) {
    if (!signal.aborted) throw error
    return refusalOf(abortReason(signal))
  }
}

async function receiveAndJudge(job: UploadJob, limits: Ceilings, holding: Holding): Promise<UploadResult> {
  const reader = openReader(job, limits, holding)
  if ('failed' in reader) return stopped(reader)
  const end = await receive(job, reader, holding)
  job.stopwatch.lap('multipart')
  if (job.limits?.refusal) return refused(job.limits.refusal, null, null, reader.bytes)
  if (end && !reader.limited) return stopped(end, reader.bytes)
  if (end) reader.finishLimited()
  const unheld = await holding.flush()
  job.stopwatch.lap('hold')
  if (unheld) return stopped(unheld, reader.bytes)
  const many = await job.limits?.complete(reader.bytes, filesOf(reader.parts))
  if (many) return refused(many, null, null, reader.bytes)
  const facts = await inspect(job, reader, end === null)
  job.stopwatch.lap('inspection')
  if ('failed' in facts) return stopped(facts, reader.bytes)
  job.stopwatch.add('scan', longestScan(facts))
  const judgement = judge(job.policy, facts, end)
  job.stopwatch.lap('verdict')
  const result = await conclude(job, reader, facts, judgement, holding)
  return { ...result, stoppedBy: end && ruleOf(end) }
}

/** What follows from the verdict. */
async function conclude(
  job: UploadJob,
  reader: BodyReader,
  facts: UploadFacts,
  judgement: Judgement,
  holding: Holding,
): Promise<UploadResult> {
  const { refusal, verdict } = judgement
  if (refusal) return refuse(job, reader, facts, judgement, refusal)
  if (job.signal.aborted) return refused(refusalOf(abortReason(job.signal)), facts, verdict, reader.bytes)
  const rewritten = await rewrite(job, reader.parts, facts, verdict, holding)
  if ('failed' in rewritten) return refused(refusalOf(rewritten), facts, verdict, reader.bytes)
  return release(job, reader, rewritten, facts, verdict)
}

/** With `onRefused: quarantine`, what a person may want to look at is kept before the client is answered. */
async function refuse(
  job: UploadJob,
  reader: BodyReader,
  facts: UploadFacts,
  { verdict, reviewable }: Judgement,
  refusal: Refusal,
): Promise<UploadResult> {
  const { keepForReview, policy, request, route, configuration, channel } = job
  const result = refused(refusal, facts, verdict, reader.bytes)
  if (keepForReview === null || policy.onRefused !== 'quarantine' || !reviewable) return result
  const upstream = job.upstream.config.name
  const { parts } = reader
  const quarantine = await keepForReview(
    { request, policy, route, upstream, configuration, channel, parts, facts, verdict },
    judging(job),
  )
  job.stopwatch.lap('quarantine')
  if (quarantine === null) return result
  return { ...result, end: { kind: 'refused', refusal: { ...refusal, quarantine } }, quarantine }
}

function openReader(job: UploadJob, limits: Ceilings, holding: Holding): BodyReader | Violation {
  if (job.channel === 'raw') return rawReader(rawPartHeader(job.request, job.path), limits, holding)
  const boundary = requestBoundary(String(job.request.headers['content-type']))
  return typeof boundary === 'string' ? multipartReader(boundary, limits, holding) : boundary
}

async function receive(job: UploadJob, reader: BodyReader, holding: Holding): Promise<Violation | null> {
  const { exchange, limits, pace, signal } = job
  if (exchange.expectsContinue) exchange.response.writeContinue()
  const { message } = exchange
  const room = limits === null ? holding : metered(holding, () => reader.bytes, limits)
  return receiveBody(message, reader, room, (onExpired) => watchBody(pace, message.socket, onExpired), signal)
}

async function inspect(job: UploadJob, reader: BodyReader, complete: boolean): Promise<UploadFacts | Violation> {
  const size = Math.max(reader.bytes, announcedLength(job.request) ?? 0)
  try {
    const received = { channel: job.channel, size, parts: reader.parts, complete }
    const examination = { unpacking: unpackingCeilings(job.policy), scanners: job.policy.files.scanners }
    return await collectFacts(received, job.examiners, examination, judging(job))
  } catch (error) {
    return brokenOff(judging(job), error)
  }
}

/** Whoever leaves as soon as all is sent must not get away with it: what is to be kept is judged and kept all the same. */
function judging({ policy, keepForReview, signal, stopping }: UploadJob): AbortSignal {
  return policy.onRefused === 'quarantine' && keepForReview !== null ? stopping : signal
}

/** Scanners work beside inspection, and so their time is part of its. */
function longestScan({ files }: UploadFacts): number {
  return Math.max(0, ...files.flatMap(({ scans }) => scans.map(({ duration }) => duration)))
}

/** Headers that announce more than the policy takes are judged as they stand, and no byte of the body is read. */
function judgeAnnounced(job: UploadJob): UploadResult {
  const size = announcedLength(job.request) ?? 0
  const facts: UploadFacts = { channel: job.channel, size, parts: 0, fields: [], files: [], complete: false }
  job.stopwatch.lap('admission')
  const limit = violation('request.size')
  const judgement = judge(job.policy, facts, limit)
  return { ...refused(judgement.refusal ?? refusalOf(limit), facts, judgement.verdict, 0), stoppedBy: 'request.size' }
}

/** Changes what the policy wants changed; the files are read once more, by the threads that inspected them. */
async function rewrite(
  job: UploadJob,
  parts: readonly HeldPart[],
  facts: UploadFacts,
  verdict: Verdict,
  holding: Holding,
): Promise<RewrittenParts | Violation> {
  const { policy, signal } = job
  try {
    return await rewriteFiles(policy, parts, facts, verdict, holding, (content, type, rewriting) =>
      job.examiners.inspection.rewrite(content, type, rewriting, signal),
    )
  } catch (error) {
    return brokenOff(job.signal, error)
  }
}

/** An error of the disk, or the end of the upload, as the violation that it is; every other error is a fault. */
function brokenOff(signal: AbortSignal, error: unknown): Violation {
  if (signal.aborted) return abortReason(signal)
  if (error instanceof Error && 'code' in error) return diskViolation(error)
  throw error
}

async function release(
  job: UploadJob,
  reader: BodyReader,
  { parts, rewritten }: RewrittenParts,
  facts: UploadFacts,
  verdict: Verdict,
): Promise<UploadResult> {
  const composed = await composeRelease(job.channel, parts, facts, verdict)
  if ('failed' in composed) return refused(refusalOf(composed), facts, verdict, reader.bytes)
  const ready = await prepare(job, composed, verdict)
  if ('failed' in ready) return refused(refusalOf(ready), facts, verdict, reader.bytes)
  const { request, answerHeaders } = ready
  job.onRelease()
  const told = (): readonly string[] => {
    // Whoever sends one upload after the other needs its place before they have read all of the answer.
    job.limits?.leave()
    return [...answerHeaders, ...(job.limits?.fields() ?? []), ...serverTiming(job.stopwatch.during('release'))]
  }
  const end = await send(job.upstream, request, relayResponse(job.exchange.response, told))
  job.stopwatch.lap('release')
  const released = isUntouched(end) ? 0 : composed.body.contentLength
  return { end, facts, verdict, stoppedBy: null, rewritten, quarantine: null, received: reader.bytes, released }
}

/** Where the request is signed, the body is read once more. */
async function prepare(job: UploadJob, composed: Composed, verdict: Verdict): Promise<Release | Violation> {
  try {
    return await releaseRequest(job, composed, verdict)
  } catch (error) {
    return brokenOff(job.signal, error)
  }
}

/** A file input in which nothing was chosen is none. */
function filesOf(parts: readonly HeldPart[]): number {
  return parts.filter(({ header }) => header.filename !== null && header.filename !== '').length
}

function isUntouched(end: Sent): boolean {
  if (end.kind === 'answered') return false
  return (end.kind === 'failed' ? end.refusal.backend : end.backend) === 'untouched'
}

/** Only rules with a limit stop a reading that facts are made of. */
function ruleOf({ id }: Violation): RuleId | null {
  return ruleIds.find((rule) => rule === id) ?? null
}

function stopped(violation: Violation, received = 0): UploadResult {
  return refused(refusalOf(violation), null, null, received)
}

function refused(refusal: Refusal, facts: UploadFacts | null, verdict: Verdict | null, received: number): UploadResult {
  const end = { kind: 'refused', refusal } as const
  return { end, facts, verdict, stoppedBy: null, rewritten: [], quarantine: null, received, released: 0 }
}
