import type { Finding, Verdict } from '../path/types.ts'
import type { RuleId } from '../problems/catalogue.ts'
import type { Gap } from './gaps.ts'
import type { Redecision } from './redecide.ts'

/**
 * How a second decision differs from a first one. `stricter` and `laxer`: less or more of the request travels;
 * `otherwise`: as much of it travels, and other rules are the reason.
 */
export type Change = 'same' | 'stricter' | 'laxer' | 'otherwise' | 'undecidable'

/** A decision, as far as comparing needs it: what travels, and what is in the way. */
export interface Decided {
  readonly action: Verdict['action']
  readonly findings: readonly Pick<Finding, 'rule' | 'mode' | 'violation'>[]
}

export interface Comparison {
  readonly change: Change
  /** Rules that are in the way under the second policy only. */
  readonly added: readonly RuleId[]
  /** Rules that are in the way under the first policy only. */
  readonly dropped: readonly RuleId[]
  /** Why it is undecidable; empty otherwise. */
  readonly gaps: readonly Gap[]
}

/** Compares a decision with that of another policy on the same upload. */
export function compare(before: Decided, after: Redecision): Comparison {
  const { action, findings } = after.kind === 'decided' ? after.verdict : after.known
  const was = enforcedIn(before.findings)
  const is = enforcedIn(findings)
  const added = [...is].filter((rule) => !was.has(rule))
  const dropped = [...was].filter((rule) => !is.has(rule))
  if (after.kind === 'undecidable') return { change: 'undecidable', added: [], dropped: [], gaps: after.gaps }
  return { change: changeOf(before, { action, findings }, added.length + dropped.length > 0), added, dropped, gaps: [] }
}

const travels: Readonly<Record<Verdict['action'], number>> = { release: 2, strip: 1, refuse: 0 }

function changeOf(before: Decided, after: Decided, otherRules: boolean): Change {
  const more = travels[after.action] - travels[before.action]
  if (more !== 0) return more > 0 ? 'laxer' : 'stricter'
  if (after.action === 'release') return 'same'
  if (after.action === 'strip') {
    const was = partsIn(before.findings)
    const is = partsIn(after.findings)
    if (is.size !== was.size || [...is].some((part) => !was.has(part))) return byParts(was, is)
  }
  return otherRules ? 'otherwise' : 'same'
}

/** Other files are left out: fewer, more, or both at a time. */
function byParts(was: ReadonlySet<number>, is: ReadonlySet<number>): Change {
  if ([...is].every((part) => was.has(part))) return 'laxer'
  return [...was].every((part) => is.has(part)) ? 'stricter' : 'otherwise'
}

function enforcedIn(findings: Decided['findings']): ReadonlySet<RuleId> {
  return new Set(findings.flatMap(({ rule, mode }) => (mode === 'enforce' ? [rule] : [])))
}

function partsIn(findings: Decided['findings']): ReadonlySet<number> {
  return new Set(
    findings.flatMap(({ mode, violation: { part } }) => (mode === 'enforce' && part !== undefined ? [part] : [])),
  )
}
