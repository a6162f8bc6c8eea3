import type { FileTypeId } from '../../file-types/catalogue.ts'
import type { ContentRuleId } from '../../problems/catalogue.ts'
import type { DetectedType, Measures, UnscannedReason } from '../types.ts'
import type { Bytes } from './bytes.ts'
import type { Expansion } from './expansion.ts'

/** One file, or one member of an archive or document, while inspectors look at it; they note here what they see. */
export interface Subject {
  readonly bytes: Bytes
  /** As its sender or its archive calls it; never to be used as a path. */
  readonly name: string
  readonly detected: DetectedType
  /** 0 for the file itself, 1 for a member, 2 for a member of a member. */
  readonly depth: number
  /** What the file and all that is in it may still unpack. */
  readonly expansion: Expansion
  /**
   * Notes something that a rule is about. `detail` is a clause for people, as precise as can be: "a.txt and b.txt
   * overlap"; names from the file go through `shown`. Of repeated observations the first detail is kept, and the count.
   */
  observe(rule: ContentRuleId, detail?: string): void
  /** Notes that something was not looked into, so that the file is not clean. */
  uncovered(reason: UnscannedReason, detail: string): void
  /** Adds to what is known in numbers. */
  measure(measures: Partial<Measures>): void
  /**
   * Inspects what is inside: detection, all inspectors, and facts under `path` (as the archive calls it). Counts one
   * entry and one level. False where it was not inspected because a bound is passed: the caller then stops.
   */
  member(path: string, bytes: Bytes): Promise<boolean>
}

/**
 * Looks for one family of things. Reports facts and never an opinion, whatever the policy; must be bounded in time by
 * the size of what it reads, in memory by a constant beside what `Expansion` grants, and must not throw for any bytes.
 */
export interface Inspector {
  readonly name: string
  /** Detected types that it is called for; null for all, also where nothing was detected. */
  readonly types: readonly FileTypeId[] | null
  /** What it looks at and what it does not, for the reference page; full sentences. */
  readonly coverage: string
  inspect(subject: Subject): void | Promise<void>
}
