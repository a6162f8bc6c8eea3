import type { Bytes } from '../../../bytes.ts'
import { Cursor } from './cursor.ts'
import { Lexer } from './lexer.ts'
import { mostObjects } from './object-index.ts'
import { parseObject } from './parser.ts'
import type { Parsed } from './value.ts'
import { objectWords } from './words.ts'

/** An indirect object, or a trailer. */
export interface Found {
  /** Where the word `obj` or `trailer` ends. */
  readonly offset: number
  /** Null for a trailer, and where no number stands before the word. */
  readonly number: number | null
  readonly generation: number
  readonly trailer: boolean
  readonly parsed: Parsed
}

/** How the scan ended: where the last `endobj` ends, where the last object or trailer begins; both 0 for none. */
export interface Scanned {
  readonly lastEnd: number
  readonly lastBegin: number
  /** There are more objects, or more objects within others, than are read. */
  readonly exhausted: boolean
}

/**
 * Finds every object and trailer, wherever it stands: also in gaps, in the data of streams and inside of strings, since
 * a cross-reference table may point anywhere and readers without a sound one search as this does (ISO 32000-2 §7.3.10).
 * Reads each byte once, and again what objects that contain others have in common; that is bounded by a multiple of the
 * size, past which the scan ends.
 */
export function scanObjects(bytes: Bytes, onFound: (found: Found) => void): Scanned {
  const cursor = new Cursor(bytes)
  const lexer = new Lexer(cursor)
  const most = budgetOf(bytes.size)
  let [lastEnd, lastBegin, count] = [0, 0, 0]
  for (const { kind, offset, window, base, number, generation } of objectWords(bytes)) {
    if (kind === 'endobj') {
      lastEnd = offset
      continue
    }
    if (cursor.spent > most || count++ === mostObjects) return { lastEnd, lastBegin, exhausted: true }
    lastBegin = offset
    cursor.seek(offset, window, base)
    onFound({ offset, number, generation, trailer: kind === 'trailer', parsed: parseObject(lexer) })
  }
  return { lastEnd, lastBegin, exhausted: false }
}

/** Bytes of tokens that may be read of so many bytes: sound files take about once their size. */
export function budgetOf(size: number): number {
  return 4 * 1024 * 1024 + 8 * size
}
