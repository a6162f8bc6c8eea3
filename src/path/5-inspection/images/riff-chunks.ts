import { type Bytes, sliceOf } from '../bytes.ts'
import { isOrientationOnly } from './exif.ts'

/** A chunk of a WebP file (RFC 9649, section 2.3). */
export interface RiffChunk {
  readonly type: string
  readonly start: number
  readonly data: number
  readonly length: number
  /** Past the padding; past the end of the container where the chunk is cut off. */
  readonly end: number
}

export const riffHeaderLength = 12

/** Where the container ends by its header; null where the header is cut off. */
export function riffEnd(bytes: Bytes): number | null {
  const head = bytes.read(0, riffHeaderLength)
  if (head.length < riffHeaderLength) return null
  const length = head.readUInt32LE(4)
  return 8 + length + (length % 2)
}

/** The chunks between two offsets. */
export function* riffChunks(bytes: Bytes, start: number, end: number): Generator<RiffChunk> {
  for (let at = start; at + 8 <= end; ) {
    const head = bytes.read(at, at + 8)
    if (head.length < 8) return
    const length = head.readUInt32LE(4)
    const next = at + 8 + length + (length % 2)
    yield { type: head.toString('latin1', 0, 4), start: at, data: at + 8, length, end: next }
    at = next
  }
}

const visible = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])

/** Whether decoders need a chunk to show the picture: pixels, profile, animation, or a bare orientation. */
export function isNeeded(bytes: Bytes, { type, data, length }: RiffChunk): boolean {
  if (type === 'EXIF') return length === 26 && isOrientationOnly(bytes.read(data, data + length))
  return visible.has(type)
}

/** The EXIF block of a chunk; some writers put JPEG's prefix before it. */
export function exifOf(bytes: Bytes, { data, length }: RiffChunk): Bytes {
  const prefixed = bytes.read(data, data + 4).toString('latin1') === 'Exif'
  return sliceOf(bytes, data + (prefixed ? 6 : 0), data + length)
}
