import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { Inspected, Rewriting, Rewritten } from '../../types.ts'
import type { ExpansionBounds } from '../expansion.ts'
import type { Progress } from './progress.ts'

/** What a thread is asked to do. `id` is a positive integer of 31 bits. */
export interface Task {
  readonly id: number
  readonly size: number
  /** The content itself where it is small; null where it is read piece by piece. */
  readonly bytes: Uint8Array | null
  readonly job: InspectJob | RewriteJob
}

export interface InspectJob {
  readonly kind: 'inspect'
  readonly name: string
  readonly bounds: ExpansionBounds
}

export interface RewriteJob {
  readonly kind: 'rewrite'
  readonly type: FileTypeId
  readonly rewriting: Rewriting
}

export type Answer<Job> = Job extends InspectJob ? Inspected : Rewritten

/**
 * What a thread says. `thread`, once: where it notes what it works at. `read`: it sleeps until these bytes are in the
 * window.
 */
export type Message = { readonly kind: 'thread'; readonly threadId: number; readonly progress: Progress } | ReadMessage

export interface ReadMessage {
  readonly id: number
  readonly kind: 'read'
  readonly start: number
  readonly end: number
  readonly window: SharedArrayBuffer
}

/**
 * The shared memory through which a thread reads: one 32-bit word, then bytes. The word is `waiting` while a read is
 * under way, afterwards the number of bytes, or `unreadable`.
 */
export const windowSize = 256 * 1024
export const windowHeader = 8
export const waiting = -1
export const unreadable = -2
