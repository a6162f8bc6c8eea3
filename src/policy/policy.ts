import type { FileTypeId } from '../file-types/catalogue.ts'
import type { Mode } from '../path/types.ts'
import type { RuleId } from '../problems/catalogue.ts'

/** A policy with everything decided: its pack, overlaid with what the configuration says. Sizes are bytes. */
export interface Policy {
  readonly name: string
  readonly owner: string | null
  readonly expected: string | null
  readonly rollback: string | null
  readonly mode: Mode
  /** Modes of single rules, where they differ from the policy's own. */
  readonly modes: { readonly [Rule in RuleId]?: Mode }
  readonly request: {
    readonly size: number
    readonly parts: number
    readonly channels: readonly ('multipart' | 'raw')[]
  }
  readonly fields: {
    readonly count: number
    readonly size: number
    readonly total: number
    /** Null: any name. */
    readonly allow: readonly string[] | null
    readonly require: readonly string[]
  }
  readonly files: {
    readonly count: number
    readonly size: number
    readonly types: readonly FileTypeId[] | 'any'
    readonly name: { readonly length: number; readonly onBad: 'refuse' | 'rewrite' }
  }
  readonly onRefused: 'refuse' | 'strip'
}

/** The mode that holds for one rule of a policy. */
export function modeOf(policy: Policy, rule: RuleId): Mode {
  return policy.mode === 'off' ? 'off' : (policy.modes[rule] ?? policy.mode)
}
