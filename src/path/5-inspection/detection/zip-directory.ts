import type { Bytes } from '../bytes.ts'

/** Where the central directory of a ZIP file stands (APPNOTE 6.3.10, §4.3.16). */
export interface Directory {
  readonly start: number
  readonly size: number
  /** What has to be added to offsets in it: the length of data before the archive that it does not know of. */
  readonly shift: number
  /** Bytes after the end record and its comment; negative where the comment is cut off. */
  readonly after: number
}

const longestComment = 65_535
const endLength = 22
/** End records that are tried; each may be data of the one before it. */
const mostEnds = 64

/**
 * The central directory that most readers come to: by the last end record that leads to one. What follows that record is
 * not held against it, nor what stands before the archive, so that a ZIP file is found in whatever it hides in; the
 * inspector of archives takes the end record by the book and notes what is odd about it.
 */
export function zipDirectory(content: Bytes): Directory | null {
  const from = Math.max(0, content.size - endLength - longestComment)
  const tail = content.read(from, content.size)
  let at = tail.lastIndexOf('PK\x05\x06', tail.length, 'latin1')
  for (let tried = 0; at >= 0 && tried < mostEnds; tried += 1) {
    const directory = at + endLength > tail.length ? null : directoryAt(content, tail.subarray(at), from + at)
    if (directory !== null) return directory
    at = at === 0 ? -1 : tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1')
  }
  return null
}

function directoryAt(content: Bytes, record: Buffer, end: number): Directory | null {
  const after = content.size - end - endLength - record.readUInt16LE(20)
  const size = record.readUInt32LE(12)
  const offset = record.readUInt32LE(16)
  if (offset === 0xffffffff || size === 0xffffffff) return largeDirectory(content, end, after)
  if (size === 0) return offset <= end && record.readUInt16LE(10) === 0 ? { start: end, size, shift: 0, after } : null
  return placed(content, { end, offset, size, after })
}

/** ZIP64: a locator stands before the end record and points to a larger one (§4.3.14, §4.3.15). */
function largeDirectory(content: Bytes, end: number, after: number): Directory | null {
  const locator = content.read(end - 20, end)
  if (end < 20 || locator.length < 20 || locator.readUInt32LE(0) !== 0x07064b50) return null
  const place = Number(locator.readBigUInt64LE(8))
  const at = [place, end - 76].find((one) => content.read(one, one + 4).toString('latin1') === 'PK\x06\x06')
  const record = at === undefined ? null : content.read(at, at + 56)
  if (at === undefined || record === null || record.length < 56) return null
  const size = Number(record.readBigUInt64LE(40))
  return placed(content, { end: at, offset: Number(record.readBigUInt64LE(48)), size, after })
}

interface Claim {
  /** Of the end record. */
  readonly end: number
  readonly offset: number
  readonly size: number
  readonly after: number
}

/** At the offset that is given, or right before the end record where there is data before the archive. */
function placed(content: Bytes, { end, offset, size, after }: Claim): Directory | null {
  const start = [offset, end - size].find((one) => one >= 0 && isDirectory(content, one))
  return start === undefined ? null : { start, size, shift: start - offset, after }
}

function isDirectory(content: Bytes, at: number): boolean {
  return content.read(at, at + 4).toString('latin1') === 'PK\x01\x02'
}
