import type { Mode } from '../path/types.ts'
import { type LimitRule, limits } from './limits.ts'
import { modeOf, type Policy } from './policy.ts'

/**
 * What the receiving stage may read before it must stop: the largest value of each quantity that breaks no enforced
 * rule, and Infinity where the rule is not enforced. The first value above one of them, recorded in facts with
 * `complete: false`, makes `decide` refuse by the same rule.
 */
export interface Ceilings {
  /** Bytes of the body. */
  readonly requestSize: number
  readonly parts: number
  readonly fieldCount: number
  /** Bytes of one value. */
  readonly fieldSize: number
  /** Bytes of all values together. */
  readonly fieldTotal: number
  /** Files without the inputs in which nothing was chosen. */
  readonly fileCount: number
  /** Bytes of one file. */
  readonly fileSize: number
  /**
   * What to do with a file that passes fileSize: stop reading the request, or (where refused files are stripped) count
   * its bytes without keeping them and go on; its facts then have its size, and null for digest and detected type.
   */
  readonly oversized: 'stop' | 'discard'
}

export function ceilings(policy: Policy): Ceilings {
  const of = (rule: LimitRule): number => {
    const mode: Mode = modeOf(policy, rule)
    return mode === 'enforce' ? limits[rule](policy) : Number.POSITIVE_INFINITY
  }
  return {
    requestSize: of('request.size'),
    parts: of('request.parts'),
    fieldCount: of('field.count'),
    fieldSize: of('field.size'),
    fieldTotal: of('field.total'),
    fileCount: of('file.count'),
    fileSize: of('file.size'),
    oversized: policy.onRefused === 'strip' ? 'discard' : 'stop',
  }
}

/**
 * How far archives may be unpacked before inspection must stop, on the same terms as `Ceilings`; where a rule is not
 * enforced, as far as any configuration may allow.
 */
export interface UnpackingCeilings {
  /** Members of a file, at all depths. */
  readonly entries: number
  readonly depth: number
  /** Bytes. */
  readonly expanded: number
  readonly ratio: number
}

/** The largest values that a configuration may have, and where inspection stops in any mode. */
export const unpackingMost: UnpackingCeilings = Object.freeze({
  entries: 100_000,
  depth: 16,
  expanded: 64 * 1024 ** 3,
  ratio: 100_000,
})

export function unpackingCeilings(policy: Policy): UnpackingCeilings {
  const of = (rule: LimitRule, most: number): number =>
    modeOf(policy, rule) === 'enforce' ? Math.min(limits[rule](policy), most) : most
  return {
    entries: of('file.archive.entries', unpackingMost.entries),
    depth: of('file.archive.depth', unpackingMost.depth),
    expanded: of('file.archive.expanded', unpackingMost.expanded),
    ratio: of('file.archive.ratio', unpackingMost.ratio),
  }
}
