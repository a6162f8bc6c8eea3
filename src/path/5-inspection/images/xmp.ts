import { type Bytes, indexOfText } from '../bytes.ts'

/** Whether an XMP packet between two offsets has coordinates, as attribute or element (`exif:GPSLatitude`). */
export function hasXmpLocation(bytes: Bytes, start: number, end: number): boolean {
  return indexOfText(bytes, 'GPSLatitude', start, end) >= 0
}
