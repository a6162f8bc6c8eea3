import type { RecipePiece } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { orientationExif, readExif } from '../images/exif.ts'
import { exifOf, isNeeded, type RiffChunk, riffChunks, riffEnd, riffHeaderLength } from '../images/riff-chunks.ts'
import { replaced } from './recipe.ts'

/** Flags of the VP8X chunk (RFC 9649, section 2.7). */
const flags = { exif: 0x08, xmp: 0x04 }

/** The header tells the length of all that follows, so the chunks are gone over twice. */
export function* stripWebp(bytes: Bytes): Generator<RecipePiece> {
  const fresh = freshExif(bytes)
  let length = 4 + fresh.length
  let hasExif = fresh.length > 0
  for (const { type, start, end } of keptChunks(bytes)) {
    length += end - start
    hasExif ||= type === 'EXIF'
  }
  const header = Buffer.from(bytes.read(0, riffHeaderLength))
  header.writeUInt32LE(length, 4)
  yield replaced(bytes, 0, riffHeaderLength, header)
  for (const chunk of keptChunks(bytes)) yield* pieceOf(bytes, chunk, hasExif)
  yield { literal: fresh }
}

function chunksOf(bytes: Bytes): Generator<RiffChunk> {
  return riffChunks(bytes, riffHeaderLength, Math.min(riffEnd(bytes) ?? 0, bytes.size))
}

/** Readers go by the first EXIF chunk. */
function* keptChunks(bytes: Bytes): Generator<RiffChunk> {
  let turned = false
  for (const chunk of chunksOf(bytes)) {
    if (isNeeded(bytes, chunk) && !(turned && chunk.type === 'EXIF')) yield chunk
    turned ||= chunk.type === 'EXIF'
  }
}

/** An EXIF chunk with the orientation, for an extended file whose own has more in it; else nothing. */
function freshExif(bytes: Bytes): Buffer {
  let extended = false
  for (const chunk of chunksOf(bytes)) {
    extended ||= chunk.type === 'VP8X'
    if (chunk.type !== 'EXIF') continue
    const { orientation } = readExif(exifOf(bytes, chunk))
    return !extended || orientation === 1 || isNeeded(bytes, chunk) ? Buffer.alloc(0) : exifChunk(orientation)
  }
  return Buffer.alloc(0)
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
