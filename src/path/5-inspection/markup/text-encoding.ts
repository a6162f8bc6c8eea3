import { isAscii, isUtf8 } from 'node:buffer'
import { type Bytes, pieces } from '../bytes.ts'

/** What the bytes of a text are valid in, and the first of them that no text has. */
export interface TextEncoding {
  /** Best first; null where the bytes are valid in none of them, or have controls. */
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | null
  /** The encoding to decode it in all the same. */
  readonly nearest: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
  /** A clause with an offset; null where `encoding` is none. */
  readonly fault: string | null
}

/** C0 controls other than tab, LF, FF and CR, and DEL: as detection has it. */
// oxlint-disable-next-line no-control-regex
export const control = /[\0-\x08\x0B\x0E-\x1F\x7F]/
/** Bytes that windows-1252 leaves undefined. */
const undefinedInWestern = /[\x81\x8D\x8F\x90\x9D]/

const known = new WeakMap<Bytes, TextEncoding>()

/** Reads all of it once, however often it is asked. */
export function readEncoding(bytes: Bytes): TextEncoding {
  const encoding = known.get(bytes) ?? encodingOf(bytes)
  known.set(bytes, encoding)
  return encoding
}

function encodingOf(bytes: Bytes): TextEncoding {
  const mark = bytes.read(0, 2).toString('hex')
  if (mark === 'fffe') return utf16(bytes, 'utf-16le')
  if (mark === 'feff') return utf16(bytes, 'utf-16be')
  return eightBit(bytes)
}

function eightBit(bytes: Bytes): TextEncoding {
  let invalid: number | null = null
  let undefinedAt: number | null = null
  let kept = Buffer.alloc(0)
  for (const [at, piece] of pieces(bytes)) {
    const text = piece.toString('latin1')
    const controlled = control.exec(text)
    if (controlled !== null)
      return faulty(invalid === null ? 'utf-8' : 'windows-1252', controlAt(text, at, controlled.index))
    if (kept.length === 0 && isAscii(piece)) continue
    if (invalid === null) {
      const whole = kept.length === 0 ? piece : Buffer.concat([kept, piece])
      kept = Buffer.from(cutEnd(whole))
      if (!isUtf8(whole.subarray(0, whole.length - kept.length)))
        invalid = at - (whole.length - piece.length) + firstInvalid(whole)
    }
    undefinedAt ??= offsetOf(undefinedInWestern, text, at)
  }
  if (invalid === null && kept.length > 0) invalid = bytes.size - kept.length
  if (invalid === null) return { encoding: 'utf-8', nearest: 'utf-8', fault: null }
  if (undefinedAt === null) return { encoding: 'windows-1252', nearest: 'windows-1252', fault: null }
  return faulty('utf-8', `the bytes at offset ${invalid} are neither UTF-8 nor, as a whole, a Western 8-bit text`)
}

function utf16(bytes: Bytes, nearest: 'utf-16le' | 'utf-16be'): TextEncoding {
  if (bytes.size % 2 !== 0) return faulty(nearest, `it has an odd number of bytes although it begins as UTF-16`)
  const decoder = new TextDecoder(nearest, { fatal: true })
  for (const [at, piece] of pieces(bytes)) {
    const text = decodeOrNull(decoder, piece, at + piece.length < bytes.size)
    if (text === null) return faulty(nearest, `it has half a character of UTF-16 after offset ${at}`)
    const found = control.exec(text)
    if (found !== null) return faulty(nearest, `it has a control character after offset ${at}`)
  }
  return { encoding: nearest, nearest, fault: null }
}

function decodeOrNull(decoder: TextDecoder, piece: Buffer, stream: boolean): string | null {
  try {
    return decoder.decode(piece, { stream })
  } catch {
    return null
  }
}

function faulty(nearest: TextEncoding['nearest'], fault: string): TextEncoding {
  return { encoding: null, nearest, fault }
}

function controlAt(text: string, start: number, index: number): string {
  const code = text.charCodeAt(index).toString(16).toUpperCase().padStart(2, '0')
  return `it has the control byte 0x${code} at offset ${start + index}`
}

function offsetOf(pattern: RegExp, text: string, start: number): number | null {
  const index = text.search(pattern)
  return index < 0 ? null : start + index
}

/** The last bytes where they begin a character that the window cuts; at most three. */
function cutEnd(bytes: Buffer): Buffer {
  const from = Math.max(bytes.length - 3, 0)
  const lead = bytes.subarray(from).findLastIndex((byte) => byte >= 0xc0)
  if (lead < 0) return bytes.subarray(bytes.length)
  const first = bytes[from + lead] ?? 0
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  return from + lead + length > bytes.length ? bytes.subarray(from + lead) : bytes.subarray(bytes.length)
}

/** By halves: the first prefix that is not UTF-8 ends just past the first invalid byte. */
function firstInvalid(bytes: Buffer): number {
  let valid = 0
  let invalid = bytes.length
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1
    const prefix = bytes.subarray(0, middle)
    if (isUtf8(prefix.subarray(0, middle - cutEnd(prefix).length))) valid = middle
    else invalid = middle
  }
  return valid - cutEnd(bytes.subarray(0, valid)).length
}
