import { releaseRequest } from '../../path/8-release/request.ts'
import type { Policy } from '../../policy/policy.ts'
import { type Sent, send } from '../../upstream/send.ts'
import type { Upstream } from '../../upstream/upstream.ts'
import type { UpstreamRequest } from '../../upstream/upstream-request.ts'
import type { Entry } from '../entry.ts'
import type { OpenedEntry, QuarantineStore } from '../store.ts'
import type { AttemptResult } from './attempt.ts'
import { type Begun, begin, type Records } from './begin.ts'
import { CollectedAnswer } from './collected-answer.ts'
import { composeEntry, inboundOf } from './compose-entry.ts'
import type { Decision } from './decision.ts'
import type { BackendAnswer, ReleaseOutcome } from './outcome.ts'
import { storedParts } from './stored-parts.ts'

export interface ReleaseDependencies extends Records {
  readonly store: QuarantineStore
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly policies: ReadonlyMap<string, Policy>
  /** Aborted when the process is to end. */
  readonly stopping: AbortSignal
  /** Milliseconds that a release may take, the waiting for its answer included. */
  readonly longest: number
}

/**
 * Sends a kept request to its backend, once. In this order: everything that can fail without the backend; the claim; the
 * ledger; the request; the ledger; and only then the entry goes, or is held again. A process that dies in between leaves
 * an entry that is marked as being released, and a plain second release is refused. Never rejects.
 */
export async function releaseEntry(deps: ReleaseDependencies, decision: Decision): Promise<ReleaseOutcome> {
  const signal = AbortSignal.any([deps.stopping, AbortSignal.timeout(deps.longest)])
  const until = Date.now() + deps.longest
  let opened: OpenedEntry | null = null
  try {
    opened = await deps.store.open(decision.id)
    if (opened === null) return { outcome: 'absent' }
    const prepared = await prepare(deps, opened, signal)
    if ('impossible' in prepared) return { outcome: 'impossible', detail: prepared.impossible }
    const begun = await begin(deps, 'quarantine.release', decision, until)
    return begun.outcome === 'begun' ? await settle(deps, decision.id, begun, await attempt(prepared)) : begun
  } catch (error) {
    return { outcome: 'failed', detail: wordsOf(error) }
  } finally {
    await opened?.close().catch(() => undefined)
  }
}

interface Prepared {
  readonly upstream: Upstream
  readonly request: UpstreamRequest
}

async function prepare(
  { upstreams, policies }: ReleaseDependencies,
  opened: OpenedEntry,
  signal: AbortSignal,
): Promise<Prepared | { readonly impossible: string }> {
  const { entry } = opened
  const upstream = upstreams.get(entry.upstream)
  if (upstream === undefined) return { impossible: `the configuration has no upstream ${entry.upstream} any more` }
  const parts = await storedParts(opened, signal)
  const composed = await composeEntry(entry, parts, policies.get(entry.policy) ?? null)
  if ('impossible' in composed) return composed
  const context = {
    request: inboundOf(entry),
    policy: { name: entry.policy },
    upstream,
    signal,
    reviewed: ownFields(entry),
  }
  const { request } = await releaseRequest(context, composed, composed.verdict)
  return { upstream, request }
}

/** A backend that knows the field can refuse a second delivery. A key of the client's own does more, and stays. */
function ownFields({ id, request }: Entry): string[] {
  const has = request.headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'idempotency-key')
  return has ? [] : ['Idempotency-Key', `"${id}"`]
}

/** How sending it ended. */
interface Ending {
  readonly result: Exclude<AttemptResult, 'failed'>
  readonly answer: BackendAnswer | null
  readonly detail: string
}

async function attempt({ upstream, request }: Prepared): Promise<Ending> {
  const sink = new CollectedAnswer()
  try {
    const sent = await send(upstream, request, sink)
    return { ...endingOf(sent), answer: sink.answer }
  } catch (error) {
    return { result: 'unclear', answer: sink.answer, detail: `the stored contents failed: ${wordsOf(error)}` }
  }
}

function endingOf(sent: Sent): Omit<Ending, 'answer'> {
  if (sent.kind === 'answered') return { result: resultOf(sent.status), detail: `the backend answered ${sent.status}` }
  const { backend } = sent.kind === 'failed' ? sent.refusal : sent
  const detail = sent.kind === 'failed' ? sent.refusal.violations[0].failed : brokenWords(sent.failure)
  return { result: backend === 'untouched' ? 'unreachable' : 'unclear', detail }
}

function brokenWords(failure: string | null): string {
  return failure === null ? 'the release was broken off' : 'the answer of the backend broke off'
}

/**
 * 2xx: taken. 4xx: the backend's word that it did not take it (RFC 9110, section 15.5). Anything else leaves it open: a
 * redirect may be the page behind a success or the way to a login, and behind a 5xx stands a backend that failed at what
 * it may have begun, or an intermediary that does not know.
 */
function resultOf(status: number): Ending['result'] {
  if (status >= 200 && status < 300) return 'released'
  return status >= 400 && status < 500 ? 'refused' : 'unclear'
}

async function settle(
  { store }: ReleaseDependencies,
  id: string,
  begun: Begun,
  { result, answer, detail }: Ending,
): Promise<ReleaseOutcome> {
  let flaw: string | null = null
  const tried = async (act: Promise<unknown>): Promise<void> => {
    await act.catch((error: unknown) => (flaw ??= wordsOf(error)))
  }
  // First: what happened to the backend must be known even where the process dies before the next line.
  await tried(begun.end(result, answer?.status ?? null))
  if (result === 'released') await tried(store.remove(id))
  if (result === 'refused' || result === 'unreachable') await tried(store.unclaim(id))
  if (result === 'unreachable') return { outcome: 'unreachable', detail, flaw }
  if (answer === null || result === 'unclear') return { outcome: 'unclear', answer, detail, flaw }
  return { outcome: result, answer, flaw }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
