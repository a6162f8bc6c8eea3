import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { Recipe, RecipePiece } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { type ImageTypeId, isImageType, readImage } from '../images/read-image.ts'
import { windowed } from '../windowed.ts'
import { finished } from './recipe.ts'
import { stripGif } from './strip-gif.ts'
import { stripHeif } from './strip-heif.ts'
import { stripIco } from './strip-ico.ts'
import { stripJpeg } from './strip-jpeg.ts'
import { stripPng } from './strip-png.ts'
import { stripTiff } from './strip-tiff.ts'
import { stripWebp } from './strip-webp.ts'

/** The pieces of the stripped file; null where it cannot be done soundly. */
type Strip = (bytes: Bytes) => Iterable<RecipePiece> | null

const strips: { readonly [Type in ImageTypeId]: Strip | null } = {
  jpeg: stripJpeg,
  png: stripPng,
  gif: stripGif,
  webp: stripWebp,
  tiff: stripTiff,
  heic: stripHeif,
  avif: stripHeif,
  ico: stripIco,
  // It has no place for metadata.
  bmp: null,
}

/**
 * How to take metadata out of an image without touching its pixels: EXIF, XMP, IPTC, comments, thumbnails, makers' notes
 * and whatever stands behind the end. Colour profiles stay, and how to turn the picture stays. `none` where there is
 * nothing to take out; `impossible` for images that cannot be read to their end, and for other types.
 */
export function stripMetadata(bytes: Bytes, type: FileTypeId): Recipe | 'none' | 'impossible' {
  if (!isImageType(type)) return 'impossible'
  const { damage, unread, end } = readImage(bytes, type)
  if (damage !== null || unread !== null) return 'impossible'
  const strip = strips[type]
  const pieces = strip === null ? [{ start: 0, end: end ?? bytes.size }] : strip(windowed(bytes))
  return pieces === null ? 'impossible' : finished(pieces, bytes.size)
}
