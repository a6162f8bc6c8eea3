import { hexDigit } from '../../hex-digit.ts'

/** Gathers the bytes of an object from hexadecimal digits; other characters between them are white space. */
export interface HexReader {
  /** What there is so far; whatever is past the limit is left out, and `isCut` says so. */
  bytes(): Buffer
  readonly isCut: boolean
  digits(window: Buffer, start: number, end: number): void
  binary(bytes: Buffer): void
}

/** Pieces grow up to this, since objects may be many and small. */
const longestPiece = 64 * 1024

export function hexReader(limit: number): HexReader {
  const pieces: Buffer[] = []
  let piece = Buffer.allocUnsafe(64)
  let used = 0
  let length = 0
  let high = -1
  let isCut = false
  const put = (value: number): void => {
    if (length >= limit) isCut = true
    else {
      if (used === piece.length) {
        pieces.push(piece)
        piece = Buffer.allocUnsafe(Math.min(piece.length * 4, longestPiece))
        used = 0
      }
      piece[used] = value
      used += 1
      length += 1
    }
  }
  return {
    bytes: () => Buffer.concat([...pieces, piece.subarray(0, used)]),
    get isCut() {
      return isCut
    },
    digits: (window, start, end) => {
      for (let at = start; at < end; at += 1) {
        const value = hexDigit(window[at] as number)
        if (value < 0) continue
        if (high < 0) high = value
        else {
          put(high * 16 + value)
          high = -1
        }
      }
    },
    binary: (bytes) => {
      for (const byte of bytes) put(byte)
    },
  }
}
