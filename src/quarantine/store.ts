import type { HeldContent } from '../path/types.ts'
import type { Entry } from './entry.ts'

/**
 * `held`: may be released or deleted. `releasing`: somebody claimed it; where the process that did is gone, nobody knows
 * whether the backend got it.
 */
export type EntryState = 'held' | 'releasing'

export interface StoredEntry {
  readonly entry: Entry
  readonly state: EntryState
  /** Bytes that it takes in the store. */
  readonly bytes: number
}

/** An entry whose contents can be read. */
export interface OpenedEntry extends StoredEntry {
  /** Contents of all parts, one after another. Reading rejects where the bytes are not those that were kept. */
  readonly content: HeldContent
  close(): Promise<void>
}

/** `full`: it does not fit into the bounds, whatever is thrown away. */
export type Kept =
  | { readonly kept: true }
  | { readonly kept: false; readonly reason: 'full' | 'failed'; readonly detail: string }

/** Where refused requests are kept: encrypted, each whole or not at all. Several processes may share one. */
export interface QuarantineStore {
  /** Resolves when the entry would survive a loss of power. Rejects with the signal's reason only. */
  keep(entry: Entry, contents: () => AsyncIterable<Buffer>, signal: AbortSignal): Promise<Kept>
  /** Entries whose key is known, oldest first; `unreadable` counts the others. */
  list(): Promise<{ readonly entries: readonly StoredEntry[]; readonly unreadable: number }>
  open(id: string): Promise<OpenedEntry | null>
  /** Takes the entry for its release, durably and for one caller only. `releasing`: somebody else has it. */
  claim(id: string): Promise<'claimed' | 'releasing' | 'absent'>
  /** Gives a claimed entry back: nothing of it was sent. */
  unclaim(id: string): Promise<void>
  /** Resolves to false where there was none. */
  remove(id: string): Promise<boolean>
  /** Throws away what is older than `keep` and, oldest first, what exceeds `size`; never a claimed entry. Resolves to what went. */
  sweep(): Promise<readonly Entry[]>
  /** As of the last look at the store. */
  readonly usage: { readonly entries: number; readonly bytes: number }
  close(): Promise<void>
}
