import { decide } from '../../policy/decide.ts'
import type { Policy } from '../../policy/policy.ts'
import { problem } from '../../problems/catalogue.ts'
import { type Refusal, refusal, type Violation } from '../../problems/violation.ts'
import type { UploadFacts, Verdict } from '../types.ts'

export interface Judgement {
  readonly verdict: Verdict
  /** What the client is told; null where something goes upstream. */
  readonly refusal: Refusal | null
  /** Whether what was refused is worth keeping for a person: all of it is here, and sending it again would not help. */
  readonly reviewable: boolean
}

/**
 * The policy's verdict on what was received, and the refusal that it leads to. `stoppedBy` is the limit that ended the
 * reading: where no enforced rule names it, it refuses by itself, since memory would have no bound without it.
 */
export function judge(policy: Policy, facts: UploadFacts, stoppedBy: Violation | null): Judgement {
  const verdict = decide(policy, facts)
  const enforced = verdict.findings.filter(({ mode }) => mode === 'enforce').map(({ violation }) => violation)
  if (stoppedBy && enforced.length === 0) return { verdict, refusal: refusal(stoppedBy), reviewable: false }
  if (verdict.action !== 'refuse') return { verdict, refusal: null, reviewable: false }
  const [first, ...others] = enforced
  if (!first) throw new Error('a request was refused without a violation')
  const passing = enforced.every(({ id }) => problem(id).retry === 'later')
  return { verdict, refusal: refusal(first, ...others), reviewable: facts.complete && !passing }
}
