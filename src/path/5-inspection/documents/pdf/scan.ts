import { type Bytes, pieces } from '../../bytes.ts'
import { Cursor } from './cursor.ts'
import { classes, isDigit, Lexer } from './lexer.ts'
import { parseObject } from './parser.ts'
import type { Parsed } from './value.ts'

/** Bytes before a word that are looked at for the number of an object. */
const overlap = 64

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
  /** Objects stand within others so often that the rest was left. */
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
  let [lastEnd, lastBegin] = [0, 0]
  for (const { base, window, at, kind } of words(bytes)) {
    const offset = base + at
    if (kind === 'endobj') {
      lastEnd = offset
      continue
    }
    if (cursor.spent > most) return { lastEnd, lastBegin, exhausted: true }
    lastBegin = offset
    cursor.seek(offset, window, base)
    const numbers = kind === 'obj' ? numbersBefore(window, at - 3) : null
    const { number = null, generation = 0 } = numbers ?? {}
    onFound({ offset, number, generation, trailer: kind === 'trailer', parsed: parseObject(lexer) })
  }
  return { lastEnd, lastBegin, exhausted: false }
}

/** Bytes of tokens that may be read of so many bytes: sound files need less than once their size. */
export function budgetOf(size: number): number {
  return 32 * 1024 * 1024 + 4 * size
}

interface Hit {
  readonly base: number
  readonly window: Buffer
  /** End of the word in the window. */
  readonly at: number
  readonly kind: 'obj' | 'endobj' | 'trailer'
}

/** The words that begin or end an object, in their order. */
function* words(bytes: Bytes): Generator<Hit> {
  for (const [start, piece] of pieces(bytes, 256 * 1024)) {
    const base = Math.max(0, start - overlap)
    const window = base === start ? piece : Buffer.concat([bytes.read(base, start), piece])
    yield* wordsIn(window, base, start)
  }
}

/** Words that end after `start`, so that each is met in one window only. */
function* wordsIn(window: Buffer, base: number, start: number): Generator<Hit> {
  let trailer = window.indexOf('trailer', 0, 'latin1')
  for (let at = window.indexOf('obj', 0, 'latin1'); at >= 0 || trailer >= 0; ) {
    if (at < 0 || (trailer >= 0 && trailer < at)) {
      const end = trailer + 7
      if (base + end > start && isTrailer(window, end)) yield { base, window, at: end, kind: 'trailer' }
      trailer = window.indexOf('trailer', end, 'latin1')
      continue
    }
    const kind = base + at + 3 > start ? kindOf(window, at) : null
    if (kind !== null) yield { base, window, at: at + 3, kind }
    at = window.indexOf('obj', at + 3, 'latin1')
  }
}

/** The word is also an English one; a dictionary follows it here. */
function isTrailer(window: Buffer, end: number): boolean {
  return /^[\0\t\n\f\r ]*(?:<<|%|$)/.test(window.toString('latin1', end, end + overlap))
}

/** Whether `obj` is a word of its own, `endobj`, or a part of some other word. */
function kindOf(window: Buffer, at: number): 'obj' | 'endobj' | null {
  const before = window[at - 1] ?? 0
  if (before === 0x64) return window.toString('latin1', Math.max(0, at - 3), at) === 'end' ? 'endobj' : null
  if (!isDigit(before) && classes[before] !== 1) return null
  if (isLetter(window[at + 3] ?? 0)) return null
  return mayFollow.test(window.toString('latin1', Math.max(0, at - overlap), at)) ? 'obj' : null
}

/** A number; or nothing but space; or a line break, after which a comment may have ended. */
const mayFollow = /(?:(?:^|[\0\t\n\f\r ])[+-]?\d{1,10}[\0\t\n\f\r ]*|[\n\r][\0\t\n\f\r ]*|^[\0\t\n\f\r ]*)$/

function isLetter(byte: number): boolean {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

/** The numbers before `obj`, from the back. */
function numbersBefore(window: Buffer, at: number): { readonly number: number; readonly generation: number } | null {
  const before = window.toString('latin1', Math.max(0, at - overlap), at)
  const match = /(\d{1,10})[\0\t\n\f\r ]+(\d{1,10})[\0\t\n\f\r ]*$/.exec(before)
  return match === null ? null : { number: Number(match[1]), generation: Number(match[2]) }
}
