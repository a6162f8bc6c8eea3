import { type Bytes, sliceOf } from '../bytes.ts'
import { isOrientationOnly } from './exif.ts'

/** A chunk with its length, type and checksum (PNG, third edition, 5.3). */
export interface PngChunk {
  readonly type: string
  readonly start: number
  /** Offset and length of the data. */
  readonly data: number
  readonly length: number
  /** Past the checksum; past the end of the file where the chunk is cut off. */
  readonly end: number
}

export const pngSignatureLength = 8

/** Longest chunk that the format allows. */
const longest = 2 ** 31 - 1

/** The chunks up to IEND, to the end of the file, or to where no chunk stands. */
export function* pngChunks(bytes: Bytes): Generator<PngChunk> {
  for (let at = pngSignatureLength; at < bytes.size; ) {
    const chunk = chunkAt(bytes, at)
    if (chunk === null) return
    yield chunk
    if (chunk.type === 'IEND') return
    at = chunk.end
  }
}

function chunkAt(bytes: Bytes, start: number): PngChunk | null {
  const head = bytes.read(start, start + 8)
  if (head.length < 8) return null
  const type = head.toString('latin1', 4, 8)
  const length = head.readUInt32BE(0)
  if (length > longest || !/^[A-Za-z]{4}$/.test(type)) return null
  return { type, start, data: start + 8, length, end: start + 12 + length }
}

/** Ancillary chunks that say how the picture looks; every other one is metadata. */
const visible = new Set(
  'acTL bKGD cHRM cICP cLLI cLLi fcTL fdAT gAMA hIST iCCP mDCV mDCv oFFs pHYs sBIT sPLT sRGB sTER tRNS'.split(' '),
)

/** Whether decoders need a chunk to show the picture: critical, visible, or a bare orientation. */
export function isNeeded(bytes: Bytes, { type, data, length }: PngChunk): boolean {
  if (type === 'eXIf') return length === 26 && isOrientationOnly(bytes.read(data, data + length))
  return isCritical(type) || visible.has(type)
}

function isCritical(type: string): boolean {
  return type.charCodeAt(0) < 0x61
}

/** The EXIF block of a chunk; some writers put JPEG's prefix before it. */
export function exifOf(bytes: Bytes, { data, length }: PngChunk): Bytes {
  const prefixed = bytes.read(data, data + 4).toString('latin1') === 'Exif'
  return sliceOf(bytes, data + (prefixed ? 6 : 0), data + length)
}
