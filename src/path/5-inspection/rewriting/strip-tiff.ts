import type { RecipePiece } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { isNeeded, readTiff } from '../images/tiff.ts'
import {
  entrySize,
  integersOf,
  type TiffDirectory,
  type TiffEntry,
  type TiffFormat,
} from '../images/tiff-directories.ts'
import { type PlacedDirectory, walkTiff } from '../images/tiff-walk.ts'
import { zeros } from './recipe.ts'

/** A range of the file that stays, or that gets other bytes. */
interface Range {
  readonly start: number
  readonly end: number
  readonly fresh: Buffer | null
}

const tags = { compression: 259, strips: [273, 279], tiles: [324, 325] } as const
/** Old-style JPEG keeps its tables where tags in it point to. */
const oldJpeg = 6
/** Strips and tiles of one picture. */
const mostBlocks = 2 ** 20

/**
 * Nothing moves: directories lose their entries of metadata, and every byte that no remaining entry refers to becomes
 * zero. Null where it is not sure what belongs to the pictures.
 */
export function stripTiff(bytes: Bytes): Iterable<RecipePiece> | null {
  const walk = walkTiff(bytes)
  if (walk === null || walk.crowded) return null
  if (readTiff(bytes).metadata === 0) return [{ start: 0, end: bytes.size }]
  const { format } = walk
  const ranges: Range[] = [{ start: 0, end: format.big ? 16 : 8, fresh: null }]
  for (const place of walk.directories) {
    if (place.role === 'exif' || place.role === 'gps') continue
    const own = rangesOf(bytes, format, place)
    if (own === null) return null
    for (const range of own) ranges.push(range)
  }
  const ordered = inOrder(ranges)
  return ordered === null ? null : joined(ordered)
}

function rangesOf(bytes: Bytes, format: TiffFormat, { directory }: PlacedDirectory): Range[] | null {
  const entries = directory.entries.filter(isNeeded)
  const blocks = blocksOf(bytes, format, entries)
  if (blocks === null) return null
  const values = entries
    .filter(({ inline }) => !inline)
    .map(({ value, length }) => ({ start: value, end: value + length, fresh: null }))
  const { start, end } = directory
  const own = { start, end: Math.min(end, bytes.size), fresh: shortened(bytes, format, directory, entries) }
  return [own, ...values, ...blocks].filter((range) => range.start < Math.min(range.end, bytes.size))
}

/** Where the pixels are; null where it is not said for all of them. */
function blocksOf(bytes: Bytes, format: TiffFormat, entries: readonly TiffEntry[]): Range[] | null {
  const numbers = (tag: number) => {
    const entry = entries.find((entry) => entry.tag === tag)
    return entry === undefined || entry.count > mostBlocks ? [] : integersOf(bytes, format, entry, mostBlocks)
  }
  if (numbers(tags.compression)[0] === oldJpeg) return null
  const [offset, length] = entries.some(({ tag }) => tag === tags.tiles[0]) ? tags.tiles : tags.strips
  const [starts, lengths] = [numbers(offset), numbers(length)]
  if (starts.length === 0 || starts.length !== lengths.length) return null
  // A block of no length is absent where it has no place either; else readers guess its length.
  if (starts.some((start, index) => start > 0 && lengths[index] === 0)) return null
  return starts.map((start, index) => ({ start, end: start + (lengths[index] ?? 0), fresh: null }))
}

/** The directory with these entries only, in the place of the old one. */
function shortened(
  bytes: Bytes,
  format: TiffFormat,
  { start, end, next }: TiffDirectory,
  entries: readonly TiffEntry[],
) {
  const { little, big } = format
  const fresh = Buffer.alloc(Math.min(end, bytes.size) - start)
  const width = big ? 8 : 2
  const size = entrySize(format)
  writeNumber(fresh, 0, width, entries.length, little)
  entries.forEach((entry, index) => bytes.read(entry.start, entry.start + size).copy(fresh, width + index * size))
  const link = width + entries.length * size
  if (link + (big ? 8 : 4) <= fresh.length) writeNumber(fresh, link, big ? 8 : 4, next, little)
  return fresh
}

function writeNumber(buffer: Buffer, at: number, width: number, value: number, little: boolean): void {
  if (width === 8) buffer[little ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](BigInt(value), at)
  else buffer[little ? 'writeUIntLE' : 'writeUIntBE'](value, at, width)
}

/** The ranges by their start, overlapping ones joined; null where one that is written anew overlaps another. */
function inOrder(ranges: readonly Range[]): Range[] | null {
  const ordered: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = ordered.at(-1)
    if (last === undefined || range.start >= last.end) ordered.push(range)
    else if (last.fresh !== null || range.fresh !== null) return null
    else ordered[ordered.length - 1] = { ...last, end: Math.max(last.end, range.end) }
  }
  return ordered
}

function* joined(ranges: readonly Range[]): Generator<RecipePiece> {
  let at = 0
  for (const { start, end, fresh } of ranges) {
    yield* zeros(start - at)
    yield fresh === null ? { start, end } : { literal: fresh }
    at = end
  }
}
