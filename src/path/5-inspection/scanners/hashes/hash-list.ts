import type { Prefixes } from './prefixes.ts'

/** A list that was read. */
export interface HashList {
  /** Sorted, each once; outside of the heap. */
  readonly prefixes: Prefixes
  /** SHA-256 of the file, lower-case hexadecimal. */
  readonly digest: string
  /** When the file was last changed, milliseconds since 1970. */
  readonly changedAt: number
}

/** What the thread that reads a list is asked for. */
export interface ListTask {
  readonly path: string
  /** The most entries that it may have. */
  readonly most: number
}

export type ListReply = { readonly list: HashList } | { readonly failure: string }
