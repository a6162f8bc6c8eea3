import type { Bytes } from '../bytes.ts'
import { damageOfSize, type ImageReading, nothingRead } from './image-reading.ts'

/** A device-independent bitmap's own header, which icons have as well. */
export interface DibHeader {
  readonly width: number
  /** Rows; the sign only says which one is first. */
  readonly height: number
  readonly size: number
  readonly bits: number
  readonly compression: number
  /** Bytes of pixels as it says; 0 where it does not. */
  readonly imageSize: number
}

/** Reads a BITMAPCOREHEADER, BITMAPINFOHEADER (up to version 5) or OS/2 header; null where there is none of them. */
export function dibHeader(bytes: Bytes, start: number): DibHeader | null {
  const head = bytes.read(start, start + 40)
  if (head.length < 12) return null
  const size = head.readUInt32LE(0)
  if (size === 12) {
    const [width, height] = [head.readUInt16LE(4), head.readUInt16LE(6)]
    return { width, height, size, bits: head.readUInt16LE(10), compression: 0, imageSize: 0 }
  }
  if (size < 16 || size > 1024 || head.length < 16) return null
  const [width, height] = [head.readInt32LE(4), Math.abs(head.readInt32LE(8))]
  const long = size >= 24 && head.length >= 24
  const [compression, imageSize] = long ? [head.readUInt32LE(16), head.readUInt32LE(20)] : [0, 0]
  return { width, height, size, bits: head.readUInt16LE(14), compression, imageSize }
}

/** Reads a BMP file. Its length field is often wrong, so the pixels that must be there count as well. */
export function readBmp(bytes: Bytes): ImageReading {
  const head = bytes.read(0, 14)
  const dib = dibHeader(bytes, 14)
  if (head.length < 14 || dib === null) return { ...nothingRead, damage: 'it has no bitmap header' }
  const { width, height } = dib
  const declared = head.readUInt32LE(2)
  // Where the length of packed pixels is not told, the end is not known.
  const pixels = head.readUInt32LE(10) + (pixelBytes(dib) ?? Number.POSITIVE_INFINITY)
  const profile = profileEnd(bytes, dib)
  const end = Math.max(declared <= bytes.size ? declared : 0, 14 + dib.size, pixels, profile)
  return {
    ...nothingRead,
    width: Math.max(0, width),
    height,
    end: end > bytes.size ? null : end,
    damage: damageOfSize(width, height),
  }
}

function pixelBytes({ width, height, bits, compression, imageSize }: DibHeader): number | null {
  const packed = compression !== 0 && compression !== 3 && compression !== 6
  if (packed) return imageSize === 0 ? null : imageSize
  return Math.ceil((Math.max(0, width) * bits) / 32) * 4 * height
}

/** BITMAPV5HEADER: a colour profile stands behind the pixels. */
function profileEnd(bytes: Bytes, { size }: DibHeader): number {
  const fields = bytes.read(14 + 112, 14 + 120)
  return size < 124 || fields.length < 8 ? 0 : 14 + fields.readUInt32LE(0) + fields.readUInt32LE(4)
}
