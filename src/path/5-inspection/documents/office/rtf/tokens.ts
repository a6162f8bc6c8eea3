import type { Bytes } from '../../../bytes.ts'

/** What a reading of RTF (Word 2007 RTF Specification 1.9.1) calls, in the order of the file. */
export interface RtfVisitor {
  open(): void
  close(): void
  /** A control word or symbol ("b", "*", "~") with its number, or null where it has none. */
  control(word: string, parameter: number | null): void
  /** Text between two offsets of a window: bytes as they stand, line ends among them. */
  text(window: Buffer, start: number, end: number): void
  /** One byte by its number: \'hh. */
  byte(value: number): void
  /** Bytes that \bin announces; they are no markup. */
  binary(start: number, end: number): void
}

const windowSize = 256 * 1024
/** Longest control word with number and delimiter; one that is longer is cut there. */
const longestWord = 300
const [brace, unbrace, backslash, quote] = [0x7b, 0x7d, 0x5c, 0x27]

/** A place in the file, and the bytes around it. */
interface Cursor {
  readonly bytes: Bytes
  /** Where the window begins. */
  base: number
  window: Buffer
  /** From the beginning of the window. */
  at: number
}

/** Reads until the group that is open at the beginning is closed, and says where that is; the size where it never is. */
export function scanRtf(bytes: Bytes, visitor: RtfVisitor): number {
  const cursor: Cursor = { bytes, base: 0, window: bytes.read(0, windowSize), at: 0 }
  for (let depth = 0; ; ) {
    if (cursor.at + longestWord > cursor.window.length) moveWindow(cursor, cursor.base + cursor.at)
    const code = cursor.window[cursor.at]
    if (code === undefined) return bytes.size
    if (code === brace) {
      depth += 1
      cursor.at += 1
      visitor.open()
    } else if (code === unbrace) {
      depth -= 1
      cursor.at += 1
      visitor.close()
      if (depth <= 0) return cursor.base + cursor.at
    } else if (code === backslash) readToken(cursor, visitor)
    else {
      const end = textEnd(cursor.window, cursor.at)
      visitor.text(cursor.window, cursor.at, end)
      cursor.at = end
    }
  }
}

/** Near the end of the file, the window has all there is. */
function moveWindow(cursor: Cursor, to: number): void {
  if (to < cursor.base + cursor.window.length && cursor.base + cursor.window.length >= cursor.bytes.size) return
  cursor.base = to
  cursor.at = 0
  cursor.window = cursor.bytes.read(to, to + windowSize)
}

function readToken(cursor: Cursor, visitor: RtfVisitor): void {
  const { at, binary } = readControl(cursor.window, cursor.at, visitor)
  cursor.at = at
  if (binary === 0) return
  const start = cursor.base + at
  const end = Math.min(start + binary, cursor.bytes.size)
  visitor.binary(start, end)
  if (end - cursor.base <= cursor.window.length) cursor.at = end - cursor.base
  else moveWindow(cursor, end)
}

function textEnd(window: Buffer, start: number): number {
  let at = start
  for (; at < window.length; at += 1) {
    const code = window[at]
    if (code === brace || code === unbrace || code === backslash) break
  }
  return at
}

interface ControlEnd {
  readonly at: number
  /** Bytes that follow and are no markup. */
  readonly binary: number
}

function readControl(window: Buffer, start: number, visitor: RtfVisitor): ControlEnd {
  const first = window[start + 1] ?? 0
  if (first === quote) return readByte(window, start, visitor)
  let at = start + 1
  const most = start + longestWord
  while (at < most && isLetter(window[at])) at += 1
  if (at === start + 1) {
    visitor.control(String.fromCharCode(first), null)
    return { at: start + 2, binary: 0 }
  }
  const word = window.toString('latin1', start + 1, at)
  const digits = at
  if (window[at] === 0x2d) at += 1
  while (at < most && isDigit(window[at])) at += 1
  const parameter = at === digits ? null : Number.parseInt(window.toString('latin1', digits, at), 10) || 0
  if (window[at] === 0x20) at += 1
  visitor.control(word, parameter)
  return { at, binary: word === 'bin' ? Math.max(parameter ?? 0, 0) : 0 }
}

function readByte(window: Buffer, start: number, visitor: RtfVisitor): ControlEnd {
  const value = Number.parseInt(window.toString('latin1', start + 2, start + 4), 16)
  if (!Number.isNaN(value)) visitor.byte(value)
  return { at: start + (Number.isNaN(value) ? 2 : 4), binary: 0 }
}

function isLetter(code: number | undefined): boolean {
  return code !== undefined && ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a))
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39
}
