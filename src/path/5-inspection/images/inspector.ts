import type { Inspector, Subject } from '../inspector.ts'
import { windowed } from '../windowed.ts'
import type { ImageReading } from './image-reading.ts'
import { imageTypes, isImageType, readImage } from './read-image.ts'
import { readTrailers, type Trailers } from './trailers.ts'

/** Reads headers and structure of pixel images; decodes none. */
export const imageInspector: Inspector = {
  name: 'image',
  types: imageTypes,
  coverage:
    'The headers and the structure of JPEG, PNG, GIF, WebP, BMP, TIFF, HEIC, AVIF and icon files: dimensions, frames, ' +
    'metadata, GPS coordinates, and what follows the end. Multi-picture files, motion photos and the trailers of cameras ' +
    'and photo programs are known. No pixels are decoded: pixel data that is cut off or damaged is not noticed, and the ' +
    'dimensions of HEIC and AVIF are those of the container.',
  inspect(subject: Subject): void {
    const { bytes, detected, expansion } = subject
    if (!isImageType(detected.type)) return
    const reading = readImage(bytes, detected.type, expansion)
    const trailers = reading.end === null ? null : readTrailers(windowed(bytes), reading.end)
    if (reading.width > 0 && reading.height > 0) subject.measure({ image: facts(reading, trailers) })
    if (reading.damage !== null) subject.observe('file.image.structure', reading.damage)
    if (reading.unread !== null) subject.uncovered('tooLarge', reading.unread)
    // Of a damaged image it is not known where it ends.
    if (reading.damage === null && trailers?.foreign) {
      const { start, length } = trailers.foreign
      subject.observe('file.disguise.trailing', `${length} bytes follow the end of the image at offset ${start}`)
    }
  },
}

function facts({ width, height, frames, metadata, location }: ImageReading, trailers: Trailers | null) {
  const pictures = trailers?.pictures ?? []
  return {
    width: Math.max(width, ...pictures.map((picture) => picture.width)),
    height: Math.max(height, ...pictures.map((picture) => picture.height)),
    frames,
    metadata: pictures.reduce((sum, picture) => sum + picture.metadata, metadata),
    location: location || (trailers?.location ?? false) || pictures.some((picture) => picture.location),
  }
}
