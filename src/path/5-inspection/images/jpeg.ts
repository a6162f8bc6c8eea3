import { type Bytes, sliceOf } from '../bytes.ts'
import { isOrientationOnly, readExif } from './exif.ts'
import { damageOfSize, type ImageReading } from './image-reading.ts'
import { type JpegSegment, jpegSegments, marker } from './jpeg-segments.ts'
import { hasXmpLocation } from './xmp.ts'

/** How many bytes of an application segment decoders need: all, some of its beginning, or none. */
export type Need = 'all' | 'none' | { readonly first: number }

/**
 * What of a segment affects the picture: everything but comments and application segments, of which JFIF (without its
 * thumbnail), colour profiles, Adobe's transform and a bare orientation do.
 */
export function needOf(bytes: Bytes, { marker: code, body, end }: JpegSegment): Need {
  if (code === marker.com) return 'none'
  if (code < marker.app0 || code > marker.app15) return 'all'
  const content = bytes.read(body, Math.min(body + 32, end))
  const begins = (text: string) => content.toString('latin1', 0, text.length) === text
  if (code === 0xe0) return begins('JFIF\0') && content.length >= 14 ? trimmed(14, end - body) : 'none'
  if (code === 0xe1) return isOrientation(content, end - body) ? 'all' : 'none'
  if (code === 0xe2) return begins('ICC_PROFILE\0') ? 'all' : 'none'
  if (code === 0xee) return begins('Adobe') && content.length >= 12 ? trimmed(12, end - body) : 'none'
  return 'none'
}

function trimmed(first: number, length: number): Need {
  return length === first ? 'all' : { first }
}

function isOrientation(content: Buffer, length: number): boolean {
  return length === 32 && content.toString('latin1', 0, 6) === 'Exif\0\0' && isOrientationOnly(content.subarray(6))
}

/** The EXIF block of an APP1 segment, from its TIFF header on; null where it is something else. */
export function exifOf(bytes: Bytes, { marker: code, body, end }: JpegSegment): Bytes | null {
  if (code !== 0xe1 || bytes.read(body, body + 5).toString('latin1') !== 'Exif\0') return null
  return sliceOf(bytes, body + 6, end)
}

/** The JPEG that the bytes begin with. */
export function readJpeg(bytes: Bytes): ImageReading {
  const seen = { width: 0, height: 0, frames: 0, scans: 0, metadata: 0, location: false }
  let end: number | null = null
  for (const segment of jpegSegments(bytes)) {
    if (isFrame(segment.marker)) frame(bytes, segment, seen)
    else if (segment.marker === marker.sos) seen.scans += 1
    else if (segment.marker === marker.eoi) end = segment.end
    else application(bytes, segment, seen)
  }
  const { width, height, metadata, location } = seen
  return { width, height, frames: 1, metadata, location, end, damage: damageOf(seen), unread: null }
}

interface Seen {
  width: number
  height: number
  frames: number
  scans: number
  metadata: number
  location: boolean
}

function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc
}

function frame(bytes: Bytes, { body, end }: JpegSegment, seen: Seen): void {
  const head = bytes.read(body, Math.min(body + 6, end))
  seen.frames += 1
  if (head.length < 6) return
  seen.height = Math.max(seen.height, head.readUInt16BE(1))
  seen.width = Math.max(seen.width, head.readUInt16BE(3))
}

function application(bytes: Bytes, segment: JpegSegment, seen: Seen): void {
  if (segment.marker !== marker.com && (segment.marker < marker.app0 || segment.marker > marker.app15)) return
  const need = needOf(bytes, segment)
  if (need === 'all') return
  const end = Math.min(segment.end, bytes.size)
  seen.metadata += need === 'none' ? end - segment.start : end - segment.body - need.first
  if (segment.marker !== 0xe1 || seen.location) return
  const exif = exifOf(bytes, segment)
  seen.location = exif === null ? hasXmpLocation(bytes, segment.body, end) : readExif(exif).location
}

function damageOf({ frames, scans, width, height }: Seen): string | null {
  if (frames === 0) return 'it has no frame header'
  if (frames > 1) return `it has ${frames} frame headers`
  return damageOfSize(width, height) ?? (scans === 0 ? 'it ends before its pixels begin' : null)
}
