import type { Logger } from 'pino'
import type { Metrics } from '../../metrics/registry.ts'
import { oncePerMinute } from '../../once-per-minute.ts'
import { type Change, type Comparison, compare } from '../../policy/compare.ts'
import type { Policy } from '../../policy/policy.ts'
import { type Redecision, redecide } from '../../policy/redecide.ts'
import type { RuleId } from '../../problems/catalogue.ts'
import type { Verdict } from '../types.ts'
import type { AuditRecord } from './audit-record.ts'

/** What a candidate says where it differs from the active policy: rules and parts, no word of the client's. */
export interface CandidateRecord {
  /** The candidate's name. */
  readonly policy: string
  readonly change: Exclude<Change, 'same'>
  /** Null where it cannot be told. */
  readonly verdict: Verdict['verdict'] | null
  /** What is in the way under the candidate. */
  readonly findings: readonly { readonly rule: RuleId; readonly part: number | null }[]
  /** Why it cannot be told. */
  readonly gaps: readonly string[]
}

/** Null where there is no candidate, no verdict to compare with, or no difference. Never throws. */
export type DecideCandidate = (record: AuditRecord) => CandidateRecord | null

interface CandidateOptions {
  readonly metrics: Pick<Metrics, 'candidateDecisions' | 'candidateFindings'>
  readonly log: Pick<Logger, 'error'>
}

const mostShown = 20

/**
 * Decides candidates on the facts of uploads that have ended, and counts. The facts are those that the active policy had
 * collected: a candidate that asks for more is undecidable there, since reading more would be an effect.
 */
export function candidateDecider(
  candidates: ReadonlyMap<string, Policy>,
  { metrics, log }: CandidateOptions,
): DecideCandidate {
  const complain = oncePerMinute((err: unknown) => log.error({ err }, 'a candidate could not be decided'))
  return (record) => {
    const candidate = record.policy === null ? undefined : candidates.get(record.policy)
    if (candidate === undefined || record.policy === null) return null
    const { policy } = record
    try {
      const { facts, action, reading, findings } = record
      if (facts === null || action === null || reading === null) return null
      const decision = redecide(candidate, facts, { ...reading, hashed: null })
      const comparison = compare({ action, findings }, decision)
      count(policy, comparison, metrics)
      return recordOf(candidate, comparison, decision)
    } catch (error) {
      metrics.candidateDecisions.of({ policy, result: 'fault' }).inc()
      complain(error)
      return null
    }
  }
}

function count(policy: string, comparison: Comparison, metrics: CandidateOptions['metrics']): void {
  const { change, added, dropped, gaps } = comparison
  metrics.candidateDecisions.of({ policy, result: change }).inc()
  const unknown = new Set(gaps.flatMap(({ rule }) => (rule === null ? [] : [rule])))
  for (const rule of added) metrics.candidateFindings.of({ policy, rule, effect: 'added' }).inc()
  for (const rule of dropped) metrics.candidateFindings.of({ policy, rule, effect: 'dropped' }).inc()
  for (const rule of unknown) metrics.candidateFindings.of({ policy, rule, effect: 'unknown' }).inc()
}

function recordOf({ name }: Policy, { change, gaps }: Comparison, decision: Redecision): CandidateRecord | null {
  if (change === 'same') return null
  const { findings } = decision.kind === 'decided' ? decision.verdict : decision.known
  const enforced = findings.filter(({ mode }) => mode === 'enforce')
  return {
    policy: name,
    change,
    verdict: decision.kind === 'decided' ? decision.verdict.verdict : null,
    findings: enforced.slice(0, mostShown).map(({ rule, violation }) => ({ rule, part: violation.part ?? null })),
    gaps: gaps.slice(0, mostShown).map(({ detail }) => detail),
  }
}
