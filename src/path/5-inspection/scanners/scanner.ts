import type { Unscanned } from './faults.ts'

/** A held file as scanners get it; it may be read any number of times, by several at once. */
export interface ScannedFile {
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
  /** As the client sent it; may hold anything. */
  readonly name: string
  chunks(): AsyncIterable<Buffer>
}

/** What a scanner answers. */
export type ScanAnswer =
  | { readonly result: 'clean' }
  /** On a list of files known to be good. */
  | { readonly result: 'allowed' }
  | { readonly result: 'infected'; readonly signature: string }
  | Unscanned

export interface ScannerVersion {
  /** Engine and signatures: the same text only where the same file gets the same answer. Null where it does not tell. */
  readonly version: string | null
  /** When the signatures were made, milliseconds since 1970; null where it does not tell. */
  readonly signaturesAt: number | null
}

/** One question. The asker sets the deadline, and keeps account of what the scanner took. */
export interface Asking {
  /** Aborted when the deadline is over or the client has gone. */
  readonly signal: AbortSignal
  /** To be called with the number of further bytes of the file that the scanner took. */
  taken(bytes: number): void
}

/**
 * A malware scanner, of whatever kind. It answers what the scanner said and no more: deadlines, queues, retries on other
 * connections, caching and the question whether a clean answer covers the file are the guard's.
 */
export interface Scanner {
  /**
   * Reads the file and asks. Rejects with the signal's reason when aborted, and with the error of reading where the file
   * cannot be read; every failure of the scanner is an answer. Frees what it opened on every path.
   */
  scan(file: ScannedFile, asking: Asking): Promise<ScanAnswer>
  /** Asks for the version. Rejects where the scanner cannot be asked, with an error whose message is for operators. */
  version(signal: AbortSignal): Promise<ScannerVersion>
  /** Ends idle connections and threads, and breaks off what is under way. */
  close(): Promise<void>
}
