import { hexDigit } from '../../hex-digit.ts'
import { classes, isDigit, isLetterOrDigit, isNumeric, regular } from './characters.ts'
import type { Cursor } from './cursor.ts'
import { knownName } from './names.ts'

export type Token = 'end' | 'name' | 'number' | 'text' | 'word' | '<<' | '>>' | '[' | ']'

/** Bytes kept of a string; the rest is read past. */
const longestText = 1024
/** Bytes kept of a name (ISO 32000-1 Annex C has 127 for all readers) and of a word. */
const longestName = 127

/** Reads tokens (ISO 32000-2 §7.2, §7.3) as forgivingly as readers do. What a token holds is in the fields. */
export class Lexer {
  /** Of a name: as decoded, or the empty string where it is not known and `keep` did not ask for it. */
  name = ''
  /** Whether a letter or digit of the name was written as #xx. */
  disguised = false
  number = 0
  /** Of a text: its bytes as latin1; of a word: the word, or the empty string where it is not known. */
  text = ''
  /** Where the token begins. */
  start = 0
  readonly cursor: Cursor
  readonly #scratch = Buffer.alloc(longestText)

  constructor(cursor: Cursor) {
    this.cursor = cursor
  }

  /** The next token. `keep`: texts and unknown names are wanted, not only read past. */
  next(keep: boolean): Token {
    const { cursor } = this
    for (;;) {
      this.start = cursor.offset
      const byte = cursor.take()
      if (byte < 0) return 'end'
      const token = classes[byte] === regular ? this.#regular(byte) : this.#delimited(byte, keep)
      if (token !== null) return token
    }
  }

  #delimited(byte: number, keep: boolean): Token | null {
    if (byte === 0x2f) return this.#name(keep)
    if (byte === 0x28) return this.#literal(keep)
    if (byte === 0x3c) return this.#follows(0x3c) ? '<<' : this.#hexadecimal(keep)
    if (byte === 0x3e) return this.#follows(0x3e) ? '>>' : null
    if (byte === 0x5b) return '['
    if (byte === 0x5d) return ']'
    if (byte === 0x25) this.#comment()
    return null
  }

  #follows(byte: number): boolean {
    if (this.cursor.peek() !== byte) return false
    this.cursor.take()
    return true
  }

  #comment(): void {
    for (let byte = this.cursor.take(); byte >= 0 && byte !== 10 && byte !== 13; ) byte = this.cursor.take()
  }

  #regular(first: number): Token {
    return isNumeric(first) ? this.#number(first) : this.#word(first)
  }

  /** Ends where no digit follows, as readers do it: `0obj` and `0R` are a number and a word. */
  #number(first: number): Token {
    let negative = first === 0x2d
    let value = 0
    let scale = first === 0x2e ? 1 : 0
    if (isDigit(first)) value = first - 0x30
    for (let byte = this.cursor.peek(); isNumeric(byte); byte = this.cursor.peek()) {
      this.cursor.take()
      if (isDigit(byte)) {
        value = value * 10 + byte - 0x30
        if (scale > 0) scale *= 10
      } else if (byte === 0x2e) scale = Math.max(scale, 1)
      else if (byte === 0x2d && value === 0) negative = true
    }
    if (scale > 1) value /= scale
    this.number = negative ? -value : value
    return 'number'
  }

  #word(first: number): Token {
    const scratch = this.#scratch
    scratch[0] = first
    let length = 1
    for (let byte = this.cursor.peek(); byte >= 0 && classes[byte] === regular; byte = this.cursor.peek()) {
      this.cursor.take()
      if (length < longestName) scratch[length++] = byte
    }
    this.text = knownName(scratch, length)
    return 'word'
  }

  #name(keep: boolean): Token {
    const scratch = this.#scratch
    let length = 0
    this.disguised = false
    for (let byte = this.cursor.peek(); byte >= 0 && classes[byte] === regular; byte = this.cursor.peek()) {
      this.cursor.take()
      const decoded = byte === 0x23 ? this.#escape() : byte
      if (length <= longestName) scratch[length++] = decoded
    }
    this.name = knownName(scratch, length)
    if (keep && this.name === '') this.name = scratch.toString('latin1', 0, length)
    return 'name'
  }

  /** After a number sign in a name. Two hexadecimal digits are a byte; else the sign is itself. */
  #escape(): number {
    const { cursor } = this
    const high = hexDigit(cursor.peek())
    if (high < 0) return 0x23
    const first = cursor.take()
    const low = hexDigit(cursor.peek())
    if (low < 0) {
      this.disguised = true
      return first
    }
    cursor.take()
    const byte = high * 16 + low
    if (isLetterOrDigit(byte)) this.disguised = true
    return byte
  }

  #literal(keep: boolean): Token {
    const { cursor } = this
    let length = 0
    let open = 1
    for (let byte = cursor.take(); byte >= 0; byte = cursor.take()) {
      let decoded = byte
      if (byte === 0x28) open++
      else if (byte === 0x29 && --open === 0) break
      else if (byte === 0x5c) decoded = this.#backslash()
      if (keep && decoded >= 0 && length < longestText) this.#scratch[length++] = decoded
    }
    this.text = keep ? this.#scratch.toString('latin1', 0, length) : ''
    return 'text'
  }

  /** After a backslash in a string: the byte meant, or -1 for a line that goes on. */
  #backslash(): number {
    const { cursor } = this
    const byte = cursor.take()
    if (byte >= 0x30 && byte <= 0x37) return this.#octal(byte - 0x30)
    if (byte === 13) this.#follows(10)
    if (byte === 13 || byte === 10) return -1
    const control = 'nrtbf'.indexOf(String.fromCharCode(byte))
    return control < 0 ? byte : ([10, 13, 9, 8, 12][control] as number)
  }

  #octal(first: number): number {
    let value = first
    for (let digits = 1; digits < 3; digits++) {
      const byte = this.cursor.peek()
      if (byte < 0x30 || byte > 0x37) break
      value = value * 8 + this.cursor.take() - 0x30
    }
    return value & 0xff
  }

  #hexadecimal(keep: boolean): Token {
    const { cursor } = this
    let length = 0
    let high = -1
    for (let byte = cursor.take(); byte >= 0 && byte !== 0x3e; byte = cursor.take()) {
      if (!keep) continue
      const digit = hexDigit(byte)
      if (digit < 0) continue
      if (high >= 0 && length < longestText) this.#scratch[length++] = high * 16 + digit
      high = high < 0 ? digit : -1
    }
    if (high >= 0 && length < longestText) this.#scratch[length++] = high * 16
    this.text = keep ? this.#scratch.toString('latin1', 0, length) : ''
    return 'text'
  }
}
