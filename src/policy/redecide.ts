import type { Finding, Scan, UploadFacts, Verdict } from '../path/types.ts'
import { decide } from './decide.ts'
import { type Gap, gapsOf, unaskedOf } from './gaps.ts'
import type { Policy } from './policy.ts'
import type { Reading } from './reading.ts'

/** What a policy says of facts that were collected under another one. `known`: as far as they tell. */
export type Redecision =
  | { readonly kind: 'decided'; readonly verdict: Verdict }
  | { readonly kind: 'undecidable'; readonly known: Verdict; readonly gaps: readonly Gap[] }

/**
 * Decides again, and never guesses: a gap in the facts leaves the request undecidable, unless what is known of it
 * refuses the whole request whatever the gap would have shown.
 */
export function redecide(policy: Policy, facts: UploadFacts, reading: Reading): Redecision {
  const gaps = gapsOf(policy, facts, reading)
  const decided = decide(policy, asIfAsked(policy, facts))
  if (gaps.length === 0) return { kind: 'decided', verdict: decided }
  const findings = decided.findings.filter((finding) => !isDueTo(finding, gaps))
  const refuses = findings.some(
    ({ rule, mode }) => mode === 'enforce' && (policy.onRefused !== 'strip' || !isOfFile(rule)),
  )
  const known: Verdict = { ...decided, findings }
  return refuses ? { kind: 'decided', verdict: { ...known, action: 'refuse' } } : { kind: 'undecidable', known, gaps }
}

function isOfFile(rule: Finding['rule']): boolean {
  return /^(file|scan)\./.test(rule) && rule !== 'file.count'
}

/** Scanners that nobody asked are taken to have found nothing: what is refused even so is refused for certain. */
function asIfAsked(policy: Policy, facts: UploadFacts): UploadFacts {
  if (facts.files.every(({ scans }) => unaskedOf(policy, scans).length === 0)) return facts
  return {
    ...facts,
    files: facts.files.map((file) => ({
      ...file,
      scans: [...file.scans, ...unaskedOf(policy, file.scans).map(clean)],
    })),
  }
}

function clean(scanner: string): Scan {
  return { scanner, result: 'clean', version: null, depth: null, cached: false, duration: 0 }
}

/** Findings that say no more than that nobody looked, or that come of a name that is not the file's. */
const dueTo: { readonly [Kind in Gap['kind']]?: RegExp } = {
  notKept: /^file\.type\.unrecognised$/,
  unpacking: /^file\.unscanned\.tooLarge$/,
  names: /^file\.(?:name|type|archive\.member)/,
}

function isDueTo({ rule, violation }: Finding, gaps: readonly Gap[]): boolean {
  return gaps.some((gap) =>
    gap.kind === 'names' && gap.rule !== null
      ? rule === gap.rule
      : gap.part === violation.part && dueTo[gap.kind]?.test(rule) === true,
  )
}
