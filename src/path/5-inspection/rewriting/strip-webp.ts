import type { Bytes } from '../bytes.ts'
import { orientationExif, readExif } from '../images/exif.ts'
import { exifOf, isNeeded, type RiffChunk, riffChunks, riffEnd, riffHeaderLength } from '../images/riff-chunks.ts'
import { replaced } from './recipe.ts'
import type { RecipePiece } from './rewriting.ts'

/** Flags of the VP8X chunk (RFC 9649, section 2.7). */
const flags = { exif: 0x08, xmp: 0x04 }

interface Kept {
  readonly chunks: readonly RiffChunk[]
  /** A fresh EXIF chunk, or none. */
  readonly fresh: Buffer
}

export function stripWebp(bytes: Bytes): RecipePiece[] {
  const { chunks, fresh } = choose(bytes)
  const hasExif = fresh.length > 0 || chunks.some(({ type }) => type === 'EXIF')
  const pieces = chunks.flatMap((chunk) => [...pieceOf(bytes, chunk, hasExif)])
  const length = chunks.reduce((sum, { start, end }) => sum + end - start, fresh.length)
  const header = Buffer.from(bytes.read(0, riffHeaderLength))
  header.writeUInt32LE(length + 4, 4)
  return [replaced(bytes, 0, riffHeaderLength, header), ...pieces, { literal: fresh }]
}

function choose(bytes: Bytes): Kept {
  const all = [...riffChunks(bytes, riffHeaderLength, Math.min(riffEnd(bytes) ?? 0, bytes.size))]
  const exif = all.find(({ type }) => type === 'EXIF')
  const chunks = all.filter((chunk) => isNeeded(bytes, chunk) && (chunk.type !== 'EXIF' || chunk === exif))
  const extended = chunks.some(({ type }) => type === 'VP8X')
  const orientation = exif === undefined || !extended ? 1 : readExif(exifOf(bytes, exif)).orientation
  const needless = orientation === 1 || exif === undefined || chunks.includes(exif)
  return { chunks, fresh: needless ? Buffer.alloc(0) : exifChunk(orientation) }
}

function exifChunk(orientation: number): Buffer {
  const block = orientationExif(orientation)
  const head = Buffer.from('EXIF\0\0\0\0', 'latin1')
  head.writeUInt32LE(block.length, 4)
  return Buffer.concat([head, block])
}

function* pieceOf(bytes: Bytes, { type, start, data, end }: RiffChunk, hasExif: boolean): Generator<RecipePiece> {
  if (type === 'VP8X') {
    const chunk = Buffer.from(bytes.read(start, end))
    chunk[data - start] = ((chunk[data - start] ?? 0) & ~(flags.exif | flags.xmp)) | (hasExif ? flags.exif : 0)
    yield replaced(bytes, start, end, chunk)
  } else {
    yield { start, end }
    // The padding of an odd chunk may be missing at the end of the file.
    if (end === bytes.size + 1) yield { literal: Buffer.alloc(1) }
  }
}
