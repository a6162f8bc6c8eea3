import type { UnscannedReason } from '../../types.ts'
import { type Bytes, pieces } from '../bytes.ts'
import { shown } from '../shown.ts'
import { windowed } from '../windowed.ts'
import { endOfZeros } from './packed-content.ts'
import { extended, isExtension, linkOf, nameOf, noExtension, sizeOf, type TarExtension } from './tar-extension.ts'
import { blockSize, readTarHeader, type TarHeader } from './tar-header.ts'

/** Longest extended header that is read; names and attributes take some kilobytes. */
const longestExtension = 1024 * 1024

const sparseKey = /^(?:GNU\.sparse\.|SUN\.holesdata$)/

export interface TarEntry {
  readonly name: string
  readonly link: string
  /** As in the header. */
  readonly type: string
  readonly isSparse: boolean
  /** Where its data is; it may end past the end of the file. */
  readonly start: number
  readonly end: number
}

/** What is wrong with the archive as a whole, as a clause. */
export type NoteTarDefect = (kind: 'structure' | UnscannedReason, detail: string) => void

/** The members in order, up to the end or to where the archive cannot be followed further, which is noted. */
export function* tarEntries(bytes: Bytes, note: NoteTarDefect): Generator<TarEntry> {
  const headers = windowed(bytes)
  let pending: TarExtension | null = noExtension
  let at = 0
  while (at < bytes.size && pending !== null) {
    const block = headers.read(at, at + blockSize)
    if (endOfZeros(block, 0) === block.length) return noteTail(bytes, at, note)
    const header = readTarHeader(block)
    if (header === null) return note('damaged', `at offset ${at} is no header of a member`)
    const start: number = at + blockSize * (1 + mapBlocks(header, headers, at))
    if (isExtension(header)) {
      pending = extendedBy(pending, header, bytes, start, note)
      at = start + padded(header.size ?? 0)
      continue
    }
    const entry = entryOf(header, pending, start, note)
    if (entry === null) return
    yield entry
    if (entry.end > bytes.size) return note('damaged', `the member ${shown(entry.name)} is cut off`)
    at = start + padded(entry.end - start)
    pending = noExtension
  }
}

function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize
}

/** Blocks between the header and the data of an old GNU sparse file. */
function mapBlocks(header: TarHeader, bytes: Bytes, at: number): number {
  let count = 0
  let hasMore = header.hasMoreMap
  while (hasMore) {
    count += 1
    hasMore = (bytes.read(at + count * blockSize, at + (count + 1) * blockSize)[504] ?? 0) !== 0
  }
  return count
}

/** Null where the archive cannot be followed. */
function extendedBy(pending: TarExtension, header: TarHeader, bytes: Bytes, start: number, note: NoteTarDefect) {
  const { size } = header
  if (size === null || start + size > bytes.size) return unreadable(note, 'an extended header is cut off')
  if (size > longestExtension) return unreadable(note, `an extended header has ${size} bytes`, 'unsupported')
  const next = extended(pending, header, bytes.read(start, start + size))
  if (typeof next !== 'string') return next
  note('structure', next)
  return unreadable(note, next)
}

function unreadable(note: NoteTarDefect, detail: string, reason: UnscannedReason = 'damaged'): null {
  note(reason, detail)
  return null
}

function entryOf(header: TarHeader, extension: TarExtension, start: number, note: NoteTarDefect): TarEntry | null {
  const name = nameOf(header, extension)
  const { size, defect } = sizeOf(header, extension)
  if (defect !== null) note('structure', `the member ${shown(name)} ${defect}`)
  if (size === null) {
    note('damaged', `the size of the member ${shown(name)} is no number`)
    return null
  }
  const isSparse = header.type === 'S' || [...extension.records.keys()].some((key) => sparseKey.test(key))
  return { name, link: linkOf(header, extension), type: header.type, isSparse, start, end: start + size }
}

/** After the first block of zeros there are only more of them, up to the size of a tape's record. */
function noteTail(bytes: Bytes, at: number, note: NoteTarDefect): void {
  for (const [offset, piece] of pieces(bytes, undefined, at)) {
    const foreign = endOfZeros(piece, 0)
    if (foreign === piece.length) continue
    note('structure', `other data follows the end of the archive, at offset ${offset + foreign}`)
    note('unsupported', 'what follows the end of the archive is not looked into')
    return
  }
}
