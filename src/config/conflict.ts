import type { Draft } from './draft.ts'
import type { Path } from './fault.ts'

/** Two settings that are each fine and together are not. */
export interface Conflict {
  readonly path: Path
  /** Where it is not simply what is written at the path. */
  readonly found?: string
  readonly expected: string
}

/** What is written at a path, null where nothing is: values may come from secrets and are not shown themselves. */
export type Written = (path: Path) => string | null

export type Rule = (draft: Draft, written: Written) => readonly Conflict[]
