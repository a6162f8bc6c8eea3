import type { Written } from '../conflict.ts'
import type { Path } from '../fault.ts'
import type { Snapshot } from '../snapshot.ts'

/** One place where a configuration without faults does what its owner would fear. */
export interface Danger {
  readonly path: Path
  /** What `check.accept` names: a policy, limit, upstream or scanner, a route by its name; null for the whole configuration. */
  readonly of: string | null
  /** A clause: "policy claim-files names no owner". */
  readonly found: string
}

/** A kind of danger, for people. Ids are stable and never reused. */
export interface LintKind {
  readonly id: string
  /** Notes are printed and change no exit code: what is a step on the way, or somebody else's decision. */
  readonly level: 'warning' | 'note'
  readonly title: string
  readonly why: string
  readonly fix: string
}

export interface LintRule extends LintKind {
  /** Pure; the snapshot is of a configuration without faults. */
  readonly find: (snapshot: Snapshot, written: Written) => readonly Danger[]
}
