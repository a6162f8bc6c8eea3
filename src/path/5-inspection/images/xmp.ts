import type { Bytes } from '../bytes.ts'
import { includesText } from './windowed.ts'

/** Whether an XMP packet between two offsets has coordinates, as attribute or element (`exif:GPSLatitude`). */
export function hasXmpLocation(bytes: Bytes, start: number, end: number): boolean {
  return includesText(bytes, 'GPSLatitude', start, end)
}
