import { type Bytes, memoryBytes } from '../bytes.ts'
import { orientationExif, readExif } from './exif.ts'
import type { HeifItem } from './heif-items.ts'

/** Longest item that is read as metadata. */
const longest = 2 ** 20

export function isMetadata({ type, contentType }: HeifItem): boolean {
  return type === 'Exif' || (type === 'mime' && !contentType.startsWith('image/'))
}

/** The bytes of an item, null where it is not all there or too long. */
export function itemBytes(bytes: Bytes, { extents }: HeifItem): Buffer | null {
  const length = lengthOf(extents)
  if (extents === null || length > longest || extents.some(({ end }) => end > bytes.size)) return null
  return Buffer.concat(extents.map(({ start, end }) => bytes.read(start, end)))
}

export function lengthOf(extents: HeifItem['extents']): number {
  return extents?.reduce((sum, { start, end }) => sum + end - start, 0) ?? 0
}

/** The EXIF block of an item: four bytes say how far behind them it begins (ISO/IEC 23008-12, A.2.1). */
export function exifOf(content: Buffer): Bytes {
  return memoryBytes(content.length < 4 ? content : content.subarray(4 + content.readUInt32BE(0)))
}

const emptyPacket = Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')

/**
 * What an item becomes when its metadata is taken out: as many bytes, so that nothing in the file moves. EXIF keeps its
 * orientation, although readers should go by the item's own rotation; XMP becomes an empty packet.
 */
export function blankItem(type: string, content: Buffer): Buffer {
  const blank = Buffer.alloc(content.length, type === 'Exif' ? 0 : 0x20)
  if (type !== 'Exif') emptyPacket.copy(blank, 0, 0, blank.length < emptyPacket.length ? 0 : emptyPacket.length)
  else if (blank.length >= 30) orientationExif(readExif(exifOf(content)).orientation).copy(blank, 4)
  return blank
}

export function isBlank(type: string, content: Buffer): boolean {
  return content.equals(blankItem(type, content))
}
