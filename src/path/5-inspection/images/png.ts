import type { Bytes } from '../bytes.ts'
import type { Expansion } from '../expansion.ts'
import { shown } from '../shown.ts'
import { readExif } from './exif.ts'
import { damageOfSize, type ImageReading } from './image-reading.ts'
import { exifOf, isNeeded, type PngChunk, pngChunks, pngSignatureLength } from './png-chunks.ts'
import { hasTextLocation } from './png-text.ts'

interface Seen {
  width: number
  height: number
  animated: boolean
  frames: number
  pixels: boolean
  metadata: number
  location: boolean
  last: PngChunk | null
}

/** Reads PNG and APNG. */
export function readPng(bytes: Bytes, expansion: Expansion | null): ImageReading {
  const seen: Seen = {
    width: 0,
    height: 0,
    animated: false,
    frames: 0,
    pixels: false,
    metadata: 0,
    location: false,
    last: null,
  }
  for (const chunk of pngChunks(bytes)) {
    note(bytes, chunk, seen)
    if (!isNeeded(bytes, chunk)) metadata(bytes, chunk, seen, expansion)
    seen.last = chunk
  }
  const { width, height, location, last } = seen
  return {
    width,
    height,
    frames: seen.animated ? Math.max(1, seen.frames) : 1,
    metadata: seen.metadata,
    location,
    end: last?.type === 'IEND' && last.end <= bytes.size ? last.end : null,
    damage: damageOf(bytes, seen),
    unread: null,
  }
}

function note(bytes: Bytes, { type, data }: PngChunk, seen: Seen): void {
  if (type === 'IHDR' && seen.last === null) {
    const head = bytes.read(data, data + 8)
    if (head.length === 8) [seen.width, seen.height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  }
  if (type === 'acTL') seen.animated = true
  if (type === 'fcTL') seen.frames += 1
  if (type === 'IDAT') seen.pixels = true
}

function metadata(bytes: Bytes, chunk: PngChunk, seen: Seen, expansion: Expansion | null): void {
  seen.metadata += Math.min(chunk.end, bytes.size) - chunk.start
  if (seen.location) return
  if (chunk.type === 'eXIf') seen.location = readExif(exifOf(bytes, chunk)).location
  else if (chunk.type.endsWith('Xt')) seen.location = hasTextLocation(bytes, chunk, expansion)
}

/** A file that ends anywhere after its first pixels is shown by viewers as far as it goes. */
function damageOf(bytes: Bytes, { width, height, pixels, last }: Seen): string | null {
  if (width === 0 && height === 0) return 'it does not begin with a header chunk'
  const end = last?.end ?? pngSignatureLength
  if (end > bytes.size && !pixels) return `its ${shown(last?.type ?? '')} chunk is longer than the file`
  if (end + 8 <= bytes.size && last?.type !== 'IEND') return `at offset ${end} stands no chunk`
  return damageOfSize(width, height) ?? (pixels ? null : 'it ends before its pixels begin')
}
