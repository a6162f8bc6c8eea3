import type { Bytes } from '../bytes.ts'

/** Byte order and widths of a TIFF or BigTIFF structure (TIFF 6.0, section 2), which EXIF is as well. */
export interface TiffFormat {
  readonly little: boolean
  readonly big: boolean
  /** Offset of the first directory. */
  readonly first: number
}

export interface TiffEntry {
  readonly tag: number
  readonly type: number
  readonly count: number
  /** Offset of the entry in the structure, and of its value: inside the entry where it fits there. */
  readonly start: number
  readonly value: number
  /** Bytes of the value. */
  readonly length: number
  readonly inline: boolean
}

export interface TiffDirectory {
  readonly start: number
  /** Past the offset of the next directory. */
  readonly end: number
  readonly entries: readonly TiffEntry[]
  /** Offset of the next directory; 0 where there is none. */
  readonly next: number
}

/** Bytes of a value, by type number. */
const widths: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

export const entrySize = (format: TiffFormat): number => (format.big ? 20 : 12)

export function tiffFormat(bytes: Bytes): TiffFormat | null {
  const head = bytes.read(0, 16)
  const little = head[0] === 0x49
  if (head.length < 8 || head[0] !== head[1] || (!little && head[0] !== 0x4d)) return null
  const version = little ? head.readUInt16LE(2) : head.readUInt16BE(2)
  if (version === 42) return { little, big: false, first: unsigned(head, 4, 4, little) }
  if (version !== 43 || head.length < 16) return null
  return { little, big: true, first: unsigned(head, 8, 8, little) }
}

/** The longest directory of a TIFF; BigTIFF could count further. */
const mostEntries = 65_535

/**
 * The directory at an offset; null where it does not fit the bytes. `short` takes the entries that are there of one
 * that counts more, as readers of EXIF do.
 */
export function readDirectory(bytes: Bytes, format: TiffFormat, start: number, short = false): TiffDirectory | null {
  const countWidth = format.big ? 8 : 2
  const size = entrySize(format)
  const head = bytes.read(start, start + countWidth)
  if (start < 8 || head.length < countWidth) return null
  const declared = unsigned(head, 0, countWidth, format.little)
  const room = Math.floor((bytes.size - start - countWidth) / size)
  const count = short ? Math.min(declared, room) : declared
  if (count > Math.min(room, mostEntries)) return null
  const entriesEnd = start + countWidth + count * size
  const end = entriesEnd + (format.big ? 8 : 4)
  const table = bytes.read(start + countWidth, end)
  const entries = Array.from({ length: count }, (_, index) =>
    entryAt(table, index * size, start + countWidth + index * size, format),
  )
  const next = end > bytes.size ? 0 : unsigned(table, count * size, end - entriesEnd, format.little)
  return { start, end, entries, next }
}

function entryAt(table: Buffer, at: number, start: number, { little, big }: TiffFormat): TiffEntry {
  const wide = big ? 8 : 4
  const type = unsigned(table, at + 2, 2, little)
  const count = unsigned(table, at + 4, wide, little)
  const length = count * (widths[type] ?? 0)
  const inline = length <= wide
  const value = inline ? start + 4 + wide : unsigned(table, at + 4 + wide, wide, little)
  return { tag: unsigned(table, at, 2, little), type, count, start, value, length, inline }
}

/** The first `most` integers of a value; none where it is of another type or outside of the bytes. */
export function integersOf(bytes: Bytes, { little }: TiffFormat, entry: TiffEntry, most: number): number[] {
  const width = widths[entry.type] ?? 0
  if (![1, 3, 4, 13, 16, 18].includes(entry.type)) return []
  const value = bytes.read(entry.value, entry.value + Math.min(entry.count, most) * width)
  return Array.from({ length: Math.floor(value.length / width) }, (_, index) =>
    unsigned(value, index * width, width, little),
  )
}

/** A 64-bit number past 2^53 loses its last bits: such an offset is outside of any file all the same. */
function unsigned(buffer: Buffer, at: number, width: number, little: boolean): number {
  if (width === 8) return Number(little ? buffer.readBigUInt64LE(at) : buffer.readBigUInt64BE(at))
  return little ? buffer.readUIntLE(at, width) : buffer.readUIntBE(at, width)
}
