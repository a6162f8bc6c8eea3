import type { Bytes } from '../bytes.ts'
import { integersOf, readDirectory, type TiffDirectory, type TiffFormat, tiffFormat } from './tiff-directories.ts'

export const exifTags = Object.freeze({ orientation: 0x0112, exif: 0x8769, gps: 0x8825, interoperability: 0xa005 })

export interface ExifReading {
  /** 1 to 8; 1 where it does not say. */
  readonly orientation: number
  readonly location: boolean
}

/** What an EXIF block, from its TIFF header on, says of orientation and place (Exif 3.0, 4.6). */
export function readExif(bytes: Bytes): ExifReading {
  const format = tiffFormat(bytes)
  const main = format === null ? null : readDirectory(bytes, format, format.first, true)
  if (format === null || main === null) return { orientation: 1, location: false }
  const value = (tag: number) => {
    const entry = main.entries.find((entry) => entry.tag === tag)
    return (entry && integersOf(bytes, format, entry, 1)[0]) ?? 0
  }
  const orientation = value(exifTags.orientation)
  const place = readDirectory(bytes, format, value(exifTags.gps), true)
  return {
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    location: place !== null && hasCoordinates(bytes, format, place),
  }
}

/** Cameras write GPS directories without a position, or with one of zeros, where they have not found theirs. */
export function hasCoordinates(bytes: Bytes, { little }: TiffFormat, { entries }: TiffDirectory): boolean {
  return [2, 4].some((tag) => {
    const entry = entries.find((entry) => entry.tag === tag)
    if (entry?.type !== 5) return false
    const rationals = bytes.read(entry.value, entry.value + Math.min(entry.length, 24))
    return [0, 8, 16].some((at) => {
      return at + 8 <= rationals.length && (little ? rationals.readUInt32LE(at) : rationals.readUInt32BE(at)) !== 0
    })
  })
}

/** An EXIF block that says nothing but how to turn the image. */
export function orientationExif(orientation: number): Buffer {
  const block = Buffer.alloc(26)
  block.write('MM\0*', 'latin1')
  block.writeUInt32BE(8, 4)
  block.writeUInt16BE(1, 8)
  block.writeUInt16BE(exifTags.orientation, 10)
  block.writeUInt16BE(3, 12)
  block.writeUInt32BE(1, 14)
  block.writeUInt16BE(orientation, 18)
  return block
}

/** How to turn an image belongs to the picture: such a block is no metadata. */
export function isOrientationOnly(block: Buffer): boolean {
  return block.length === 26 && block.equals(orientationExif(block.readUInt16BE(18)))
}
