import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { Bytes } from '../bytes.ts'
import type { Expansion } from '../expansion.ts'
import { windowed } from '../windowed.ts'
import { readBmp } from './bmp.ts'
import { readGif } from './gif.ts'
import { readHeif } from './heif.ts'
import { readIco } from './ico.ts'
import type { ImageReader, ImageReading } from './image-reading.ts'
import { readJpeg } from './jpeg.ts'
import { readPng } from './png.ts'
import { readTiff } from './tiff.ts'
import { readWebp } from './webp.ts'

/** Types of pixel images, each with what reads it. */
const readers = {
  jpeg: readJpeg,
  png: readPng,
  gif: readGif,
  webp: readWebp,
  bmp: readBmp,
  tiff: readTiff,
  heic: readHeif,
  avif: readHeif,
  ico: readIco,
} as const satisfies { readonly [Type in FileTypeId]?: ImageReader }

export type ImageTypeId = keyof typeof readers

export const imageTypes = Object.keys(readers) as readonly ImageTypeId[]

export function isImageType(type: FileTypeId | null): type is ImageTypeId {
  return type !== null && Object.hasOwn(readers, type)
}

export function readImage(bytes: Bytes, type: ImageTypeId, expansion: Expansion | null = null): ImageReading {
  return readers[type](windowed(bytes), expansion)
}
