import { type Bytes, pieces } from '../../../bytes.ts'
import { classes, isDigit, space } from './characters.ts'

/** Bytes around a word that are looked at: for the number of an object, and for what it is followed by. */
const overlap = 64

/** A word that begins or ends an object. */
export interface ObjectWord {
  readonly kind: 'obj' | 'endobj' | 'trailer'
  /** Where it ends. */
  readonly offset: number
  /** Bytes that it stands in, and where they begin. */
  readonly window: Buffer
  readonly base: number
  /** Of an object, where it can be read. */
  readonly number: number | null
  readonly generation: number
}

/** Bytes at the beginning of a piece in which a word is looked at together with what stands before the piece. */
const border = 2 * overlap

/** The words that begin or end an object, wherever they stand, in their order. */
export function* objectWords(bytes: Bytes): Generator<ObjectWord> {
  for (const [start, piece] of pieces(bytes)) {
    const around = start === 0 ? piece.subarray(0, 2 * border) : bytes.read(start - border, start + 2 * border)
    yield* wordsIn(around, Math.max(0, start - border), start, start + border)
    yield* wordsIn(piece, start, start + border, Infinity)
  }
}

/** Words that end after one offset and up to another, so that each is met in one window only. */
function* wordsIn(window: Buffer, base: number, after: number, last: number): Generator<ObjectWord> {
  let trailer = window.indexOf('trailer', 0, 'latin1')
  const isIn = (offset: number): boolean => offset > after && offset <= last
  for (let at = window.indexOf('obj', 0, 'latin1'); at >= 0 || trailer >= 0; ) {
    if (at < 0 || (trailer >= 0 && trailer < at)) {
      const offset = base + trailer + 7
      const word = { kind: 'trailer', offset, window, base, number: null, generation: 0 } as const
      if (isIn(offset) && isTrailer(window, trailer + 7)) yield word
      trailer = window.indexOf('trailer', trailer + 7, 'latin1')
      continue
    }
    const word = isIn(base + at + 3) ? objectWord(window, base, at) : null
    if (word !== null) yield word
    at = window.indexOf('obj', at + 3, 'latin1')
  }
}

/** The word is also an English one; a dictionary follows it here. */
function isTrailer(window: Buffer, end: number): boolean {
  return /^[\0\t\n\f\r ]*(?:<<|%|$)/.test(window.toString('latin1', end, end + overlap))
}

/** Null where `obj` is a part of some other word, or nothing before it is as before an object. */
function objectWord(window: Buffer, base: number, at: number): ObjectWord | null {
  const offset = base + at + 3
  if (window[at - 1] === 0x64) {
    const ends = window[at - 2] === 0x6e && window[at - 3] === 0x65
    return ends ? { kind: 'endobj', offset, window, base, number: null, generation: 0 } : null
  }
  if (isLetter(window[at + 3] ?? 0)) return null
  const first = Math.max(0, at - overlap)
  const beforeSpace = skip(window, at, first, isSpace)
  const beforeGeneration = skip(window, beforeSpace, first, isDigit)
  if (beforeGeneration === beforeSpace) {
    if (!mayFollowComment(window, beforeSpace, at, first)) return null
    return { kind: 'obj', offset, window, base, number: null, generation: 0 }
  }
  const beforeGap = skip(window, beforeGeneration, first, isSpace)
  const beforeNumber = skip(window, beforeGap, first, isDigit)
  const numbered = beforeGap < beforeGeneration && beforeNumber < beforeGap
  const number = numbered ? integer(window, beforeNumber, beforeGap) : null
  return { kind: 'obj', offset, window, base, number, generation: integer(window, beforeGeneration, beforeSpace) }
}

/** Goes back over bytes of a kind. */
function skip(window: Buffer, from: number, first: number, is: (byte: number) => boolean): number {
  let at = from
  while (at > first && is(window[at - 1] as number)) at--
  return at
}

/** Between the numbers and the word there may be comments, which end with a line. */
function mayFollowComment(window: Buffer, from: number, to: number, first: number): boolean {
  if (from === first) return true
  for (let at = from; at < to; at++) if (window[at] === 10 || window[at] === 13) return true
  return false
}

function isSpace(byte: number): boolean {
  return classes[byte] === space
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

/** Numbers of more than ten digits are none that a reader knows. */
function integer(window: Buffer, from: number, to: number): number {
  let value = 0
  for (let at = Math.max(from, to - 15); at < to; at++) value = value * 10 + (window[at] as number) - 0x30
  return value
}
