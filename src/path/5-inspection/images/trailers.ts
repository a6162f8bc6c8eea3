import { type Bytes, sliceOf } from '../bytes.ts'
import { boxes } from './bmff-boxes.ts'
import type { ImageReading } from './image-reading.ts'
import { readJpeg } from './jpeg.ts'
import { hasMovieLocation, readMovie } from './movie.ts'
import { withoutFooters } from './trailer-footers.ts'
import { readWebp } from './webp.ts'

/** What stands behind the end of an image. */
export interface Trailers {
  /** Pictures behind the first one: previews, gain maps, depth maps, the other eye's view. */
  readonly pictures: readonly ImageReading[]
  /** Whether a film says where it was taken. */
  readonly location: boolean
  /** The bytes of no known use; null where there are none. */
  readonly foreign: { readonly start: number; readonly length: number } | null
}

/** Fewer odd bytes than any program has are left over by transfers and sloppy writers. */
const mostOdd = 16
/** Cameras append up to four pictures; each is walked. */
const mostPictures = 64

/**
 * Recognises what cameras and phones append (multi-picture files, motion photos, makers' own records) by structure and up
 * to its end, so that nothing else hides behind it.
 */
export function readTrailers(bytes: Bytes, from: number): Trailers {
  const pictures: ImageReading[] = []
  let location = false
  const limit = withoutFooters(bytes, from, bytes.size)
  for (let at = skipPadding(bytes, from, limit); ; ) {
    const film = filmAt(bytes, beginOfBox(bytes, from, at), limit)
    const picture = film === null && pictures.length < mostPictures ? pictureAt(bytes, at, limit) : null
    if (picture !== null) pictures.push(picture)
    location ||= film?.location ?? false
    const end = film?.end ?? picture?.end ?? null
    if (end === null) return { pictures, location, foreign: rest(at, limit) }
    at = skipPadding(bytes, end, limit)
  }
}

function rest(at: number, limit: number): Trailers['foreign'] {
  return limit - at <= mostOdd ? null : { start: at, length: limit - at }
}

/** Where the box begins whose first bytes, zeros of its size, were taken for padding. */
function beginOfBox(bytes: Bytes, from: number, at: number): number {
  const brand = bytes.read(at, at + 8).indexOf('ftyp', 0, 'latin1')
  return brand < 0 || brand > 4 ? at : Math.max(from, at + brand - 4)
}

/** Zeros, erased flash (0xFF, unless it begins a JPEG), white space. */
function skipPadding(bytes: Bytes, from: number, limit: number): number {
  const span = 64 * 1024
  for (let at = from; at < limit; at += span) {
    const piece = bytes.read(at, Math.min(at + span + 1, limit))
    const length = Math.min(piece.length, span)
    for (let index = 0; index < length; index += 1) {
      const byte = piece[index] ?? 0
      const blank =
        byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || (byte === 0xff && piece[index + 1] !== 0xd8)
      if (!blank) return at + index
    }
  }
  return limit
}

/**
 * A picture that viewers would open, all of it; its missing end would let anything follow. ImageMagick 6 writes a still
 * WebP behind an animated one.
 */
function pictureAt(bytes: Bytes, at: number, limit: number): ImageReading | null {
  const head = bytes.read(at, at + 12).toString('latin1')
  const webp = /^RIFF[^]{4}WEBP$/.test(head)
  if (!webp && !head.startsWith('\xff\xd8\xff')) return null
  const own = sliceOf(bytes, at, limit)
  const picture = webp ? readWebp(own) : readJpeg(own)
  return picture.end === null || picture.damage !== null ? null : { ...picture, end: at + picture.end }
}

const filmBoxes = new Set('ftyp moov mdat free skip wide uuid meta moof mfra sidx udta pnot'.split(' '))

/** A film that begins with its brand and whose boxes are known; the first unknown thing ends it. */
function filmAt(bytes: Bytes, at: number, limit: number): { readonly end: number; readonly location: boolean } | null {
  if (bytes.read(at + 4, at + 8).toString('latin1') !== 'ftyp') return null
  let [end, location, whole] = [at, false, false]
  for (const box of boxes(bytes, at, limit)) {
    if (!filmBoxes.has(box.type) || box.end > limit) break
    end = box.end
    if (box.type !== 'moov') continue
    whole = true
    const movie = readMovie(bytes, box)
    if (movie.crowded) return null
    location ||= hasMovieLocation(bytes, movie)
  }
  return whole ? { end, location } : null
}
