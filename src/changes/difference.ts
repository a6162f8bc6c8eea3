import type { Snapshot } from '../config/snapshot.ts'

/** One thing in which two configurations differ. */
export interface Difference {
  /** What it does to what gets through. */
  readonly effect: 'loosened' | 'tightened' | 'moved' | 'changed'
  readonly path: string
  readonly before: unknown
  readonly after: unknown
  /** A sentence for people. */
  readonly words: string
}

export type DifferencesOf = (before: Snapshot, after: Snapshot) => readonly Difference[]
