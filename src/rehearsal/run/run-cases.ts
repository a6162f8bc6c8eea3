import { setTimeout as delay } from 'node:timers/promises'
import { describeFault } from '../../printable.ts'
import { type ComposedRequest, composeRequest } from '../plan/compose-request.ts'
import type { PlannedCase } from '../plan/plan.ts'
import type { RecordingBackend } from './backend.ts'
import { compareAnswer, type Difference } from './compare.ts'
import { compareArrival } from './compare-arrival.ts'
import { readAnswer } from './read-answer.ts'
import { type Answer, send } from './send.ts'

/** What became of one case. */
export interface CaseResult {
  /** The file of the suite. */
  readonly suite: string
  readonly owner: string
  readonly policy: string | null
  readonly name: string
  /** What the suite expects. */
  readonly expected: string
  readonly result: 'passed' | 'failed' | 'skipped'
  readonly differences: readonly Difference[]
  /** Why it was not sent; null where it was. */
  readonly skipped: string | null
  /** Null where no answer came. */
  readonly status: number | null
  /** For `sluice why`; null where nobody told it. */
  readonly requestId: string | null
  /** Milliseconds. */
  readonly duration: number
}

export interface RunOptions {
  /** Scheme, host and port of the gateway. */
  readonly origin: string
  /** Null where the gateway is somebody else's: then answers alone are compared. */
  readonly backend: RecordingBackend | null
  /** Milliseconds from the beginning of one request to that of the next. */
  readonly interval: number
  readonly onResult: (result: CaseResult) => void
}

/** One case after the other: what arrives at the backend belongs to the one that is under way. */
export async function runCases(cases: readonly PlannedCase[], options: RunOptions): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  for (const planned of cases) {
    const result = planned.skipped === null ? await runCase(planned, options) : unsent(planned)
    results.push(result)
    options.onResult(result)
    const wait = options.interval - result.duration
    if (result.skipped === null && wait > 0) await delay(wait)
  }
  return results
}

async function runCase(planned: PlannedCase, { origin, backend }: RunOptions): Promise<CaseResult> {
  const { expect } = planned.case
  const begun = performance.now()
  const sent = composeRequest(planned)
  backend?.take()
  const came = await exchange(origin, sent)
  const received = backend?.take() ?? null
  const duration = performance.now() - begun
  if ('fault' in came) {
    const differences: Difference[] = [{ what: 'answer', expected: 'an answer', found: came.fault }]
    return told(planned, { differences, status: null, requestId: received?.[0]?.requestId ?? null, duration })
  }
  const answer = readAnswer(came)
  const verdict = received === null ? null : received.some((one) => one.verdict !== null) ? 'released' : 'relayed'
  const differences = [
    ...compareAnswer(expect, answer, verdict),
    ...(received === null ? [] : compareArrival(expect, sent, received, planned.policy)),
  ]
  const requestId = answer.requestId ?? received?.[0]?.requestId ?? null
  return told(planned, { differences, status: answer.status, requestId, duration })
}

/** A connection that breaks is something about the gateway, and is told like a wrong answer. */
async function exchange(origin: string, sent: ComposedRequest): Promise<Answer | { readonly fault: string }> {
  try {
    return await send(origin, sent)
  } catch (error) {
    return { fault: describeFault(error) }
  }
}

function unsent(planned: PlannedCase): CaseResult {
  return told(planned, { differences: [], status: null, requestId: null, duration: 0 })
}

type Outcome = Pick<CaseResult, 'differences' | 'status' | 'requestId' | 'duration'>

function told({ suite, case: one, policy, skipped }: PlannedCase, outcome: Outcome): CaseResult {
  const result = skipped !== null ? 'skipped' : outcome.differences.length === 0 ? 'passed' : 'failed'
  return {
    suite: suite.file,
    owner: suite.owner,
    policy: policy?.name ?? null,
    name: one.name,
    expected: one.expect.outcome,
    result,
    skipped,
    ...outcome,
  }
}
