import { digits } from './prefixes.ts'

/** Names of files are at most 4096 bytes long, with each of them escaped twice as long. */
const longestLine = 16 * 1024

/** Reads the digits that begin at `at`; false where they are none. */
export type OnDigest = (bytes: Uint8Array, at: number) => boolean

export interface ListLines {
  /** The bytes are there for the time of the call. Throws, with file and line, on a line that is neither digest nor comment. */
  push(chunk: Buffer): void
  end(): void
}

/**
 * A list of digests: on each line 64 hexadecimal digits, alone or before a blank and anything (as sha256sum writes), or
 * nothing, or a comment that begins with `#`.
 */
export function listLines(path: string, onDigest: OnDigest): ListLines {
  let number = 0
  let rest: Buffer = Buffer.alloc(0)

  function read(bytes: Buffer, from: number, to: number): void {
    checkLength(to - from)
    number += 1
    if (!isLine(bytes, from, to, onDigest, number === 1)) {
      throw new Error(
        `${path}:${number}: not a SHA-256: a line begins with 64 hexadecimal digits, or with # for a comment`,
      )
    }
  }

  function keep(piece: Buffer): void {
    checkLength(rest.length + piece.length)
    rest = Buffer.concat([rest, piece])
  }

  function checkLength(length: number): void {
    if (length > longestLine) throw new Error(`${path}:${number + 1}: a line of more than ${longestLine} bytes`)
  }

  return {
    push(chunk) {
      let from = 0
      for (let to = chunk.indexOf(lineFeed); to !== -1; to = chunk.indexOf(lineFeed, from)) {
        if (rest.length > 0) {
          keep(chunk.subarray(from, to))
          read(rest, 0, rest.length)
          rest = Buffer.alloc(0)
        } else read(chunk, from, to)
        from = to + 1
      }
      if (from < chunk.length) keep(chunk.subarray(from))
    },
    end() {
      if (rest.length > 0) read(rest, 0, rest.length)
    },
  }
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const tab = 0x09
const hash = 0x23
/** sha256sum begins lines with it whose file name is escaped. */
const backslash = 0x5c

function isLine(bytes: Buffer, from: number, to: number, onDigest: OnDigest, first: boolean): boolean {
  let start = first && startsWithMark(bytes, from, to) ? from + 3 : from
  const end = to > start && bytes[to - 1] === carriageReturn ? to - 1 : to
  if (start === end || bytes[start] === hash) return true
  if (bytes[start] === backslash) start += 1
  const after = bytes[start + digits]
  const ended = start + digits === end || (start + digits < end && (after === space || after === tab))
  return ended ? onDigest(bytes, start) : isBlank(bytes, start, end)
}

/** The byte-order mark of UTF-8, which editors on Windows write. */
function startsWithMark(bytes: Buffer, from: number, to: number): boolean {
  return to - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] !== space && bytes[at] !== tab) return false
  return true
}
