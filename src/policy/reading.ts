import type { RuleId } from '../problems/catalogue.ts'
import type { UnpackingCeilings } from './ceilings.ts'

/** How far an upload was looked into, beside its facts: what another policy may ask and nobody looked at. */
export interface Reading {
  /** The limit that ended the reading of the body; null where it was read to its end. */
  readonly stoppedBy: RuleId | null
  /** How far archives could be unpacked. */
  readonly unpacking: UnpackingCeilings
  /** Null where names are as they came. */
  readonly hashed: HashedNames | null
}

export interface HashedNames {
  /** Parts whose names no rule can be applied to any more. */
  readonly lost: readonly number[]
  /** Names of fields that are never hashed: those that the policy has itself. */
  readonly kept: readonly string[]
}
