import type { RecipePiece } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { orientationExif, readExif } from '../images/exif.ts'
import { exifOf, needOf } from '../images/jpeg.ts'
import { type JpegSegment, jpegSegments } from '../images/jpeg-segments.ts'

/** The first image of the file; pictures and films behind it go. */
export function* stripJpeg(bytes: Bytes): Generator<RecipePiece> {
  let turned = false
  for (const segment of jpegSegments(bytes)) {
    const exif = exifOf(bytes, segment)
    const need = turned && exif !== null ? 'none' : needOf(bytes, segment)
    if (need === 'all') yield { start: segment.start, end: segment.end }
    else if (need !== 'none') yield { literal: trimmed(bytes, segment, need.first) }
    else if (exif !== null && !turned) yield* orientationOf(exif)
    // Readers go by the first EXIF block.
    turned ||= exif !== null
  }
}

/** JFIF without its thumbnail, whose size the last two bytes tell; Adobe's transform without what follows it. */
function trimmed(bytes: Bytes, { start, body }: JpegSegment, length: number): Buffer {
  const fresh = Buffer.from(bytes.read(start, body + length))
  fresh.writeUInt16BE(length + 2, 2)
  if (fresh[1] === 0xe0) fresh.fill(0, fresh.length - 2)
  return fresh
}

function* orientationOf(exif: Bytes): Generator<RecipePiece> {
  const { orientation } = readExif(exif)
  if (orientation === 1) return
  yield { literal: Buffer.concat([Buffer.from('\xff\xe1\0\x22Exif\0\0', 'latin1'), orientationExif(orientation)]) }
}
