import type { FileTypeId } from '../file-types/catalogue.ts'
import type { Mode, ScanGap, UnscannedReason } from '../path/types.ts'
import type { RuleId } from '../problems/catalogue.ts'

/** What becomes of a file in which something was seen. */
export type Choice = 'refuse' | 'keep'

type Choices<Names extends string> = { readonly [Name in Names]: Choice }

/** Reasons that have a setting. That inspectors met something encrypted has one in the section of its kind of file. */
export type UnscannedKnob = Exclude<UnscannedReason, 'encrypted'> | ScanGap

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
    readonly archive: {
      readonly entries: number
      readonly depth: number
      readonly expanded: number
      readonly ratio: number
      readonly encrypted: Choice
      /** Types that members may have; null: those of `types`. */
      readonly types: readonly FileTypeId[] | 'any' | null
    }
    readonly image: {
      /** Width times height, of all frames together. */
      readonly pixels: number
      readonly frames: number
      readonly metadata: 'keep' | 'strip' | 'reencode'
    }
    readonly pdf: Choices<
      'javascript' | 'launch' | 'actions' | 'embeddedFiles' | 'media' | 'external' | 'xfa' | 'encrypted' | 'restricted'
    >
    readonly office: Choices<'macros' | 'externalLinks' | 'embeddedObjects' | 'dde' | 'activeX' | 'encrypted'>
    readonly markup: Choices<'externalEntities' | 'entityDeclarations' | 'external' | 'malformed'> & {
      readonly script: Choice | 'sanitise'
    }
    readonly csv: Choices<'formulas'>
    readonly onUnscanned: { readonly [Reason in UnscannedKnob]: 'refuse' | 'release' }
    /** Names in the configuration. */
    readonly scanners: readonly string[]
  }
  readonly onRefused: 'refuse' | 'quarantine' | 'strip'
  readonly quarantine: {
    /** Names in lower case of the header fields that are kept, and sent again with the release. */
    readonly headers: readonly string[]
  }
}

/** The mode that holds for one rule of a policy. */
export function modeOf(policy: Policy, rule: RuleId): Mode {
  return policy.mode === 'off' ? 'off' : (policy.modes[rule] ?? policy.mode)
}
