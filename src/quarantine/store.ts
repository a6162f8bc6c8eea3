import type { HeldContent } from '../path/types.ts'
import type { Swept } from './departures.ts'
import type { Entry } from './entry.ts'
import type { EntryRoom } from './room.ts'

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

/** An entry without its facts, which can be large. */
export interface ListedEntry extends Omit<StoredEntry, 'entry'> {
  readonly entry: Omit<Entry, 'facts'>
}

/** An entry that is damaged, or whose key is not configured. It can be deleted all the same. */
export interface UnreadableEntry {
  readonly id: string
  readonly state: EntryState
  readonly bytes: number
  /** A clause for operators. */
  readonly reason: string
}

/** Of the entries with smaller ids than `before`, the newest: so many as `most`, those that cannot be read included. */
export interface Page {
  readonly before: string | null
  readonly most: number
}

export interface Listed<Row = ListedEntry> {
  /** Oldest first. */
  readonly entries: readonly Row[]
  /** Those that cannot be read, oldest first. */
  readonly unreadable: readonly UnreadableEntry[]
  /** Whether there are older ones. */
  readonly more: boolean
}

/** An entry whose contents can be read. */
export interface OpenedEntry extends StoredEntry {
  /** Contents of all parts, one after another. Reading rejects where the bytes are not those that were kept. */
  readonly content: HeldContent
  close(): Promise<void>
}

/** `full`: it does not fit into the bounds, although what has expired is thrown away for it. */
export type Kept =
  | { readonly kept: true }
  | { readonly kept: false; readonly reason: 'full' | 'failed'; readonly detail: string }

/** Where refused requests are kept: encrypted, each whole or not at all. Several processes may share one. */
export interface QuarantineStore {
  /** Resolves when the entry would survive a loss of power. Rejects with the signal's reason only. */
  keep(entry: Entry, contents: () => AsyncIterable<Buffer>, signal: AbortSignal): Promise<Kept>
  /** All of them where no page is asked for. */
  list(page?: Page): Promise<Listed>
  open(id: string): Promise<OpenedEntry | null>
  /** Takes the entry for its release, durably and for one caller only. `releasing`: somebody else has it. */
  claim(id: string): Promise<'claimed' | 'releasing' | 'absent'>
  /** Gives a claimed entry back: nothing of it was sent. */
  unclaim(id: string): Promise<void>
  /** Resolves to false where there was none. */
  remove(id: string): Promise<boolean>
  /** Throws away what is older than `keep`, and nothing else; never a claimed entry. Resolves to what went. */
  sweep(): Promise<readonly Swept[]>
  /** Those of the last look that cannot be read; of them, where it is aborted, those that are known by then. */
  examine(signal: AbortSignal): Promise<readonly UnreadableEntry[]>
  /** For those who keep entries in other processes. */
  readonly room: EntryRoom
  /** As of the last look at the store. */
  readonly usage: { readonly entries: number; readonly bytes: number }
  close(): Promise<void>
}
