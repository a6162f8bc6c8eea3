import type { Bytes } from '../bytes.ts'
import { readExif } from './exif.ts'
import { damageOfSize, type ImageReading, nothingRead } from './image-reading.ts'
import { exifOf, isNeeded, type RiffChunk, riffChunks, riffEnd, riffHeaderLength } from './riff-chunks.ts'
import { hasXmpLocation } from './xmp.ts'

interface Seen {
  width: number
  height: number
  pictures: number
  frames: number
  metadata: number
  location: boolean
}

/** Reads WebP: simple, lossless, extended and animated. */
export function readWebp(bytes: Bytes): ImageReading {
  const end = riffEnd(bytes)
  if (end === null) return { ...nothingRead, damage: 'it ends before its header does' }
  const seen: Seen = { width: 0, height: 0, pictures: 0, frames: 0, metadata: 0, location: false }
  let last = riffHeaderLength
  for (const chunk of riffChunks(bytes, riffHeaderLength, Math.min(end, bytes.size))) {
    note(bytes, chunk, seen)
    last = chunk.end
  }
  const contradiction =
    last > end && end <= bytes.size ? 'a chunk is longer than the file says that it is itself' : null
  const { width, height, pictures, frames, metadata, location } = seen
  return {
    ...nothingRead,
    width,
    height,
    frames: Math.max(1, frames),
    metadata,
    location,
    // A last chunk of odd length without its padding is written by some programs.
    end: end > bytes.size ? null : end,
    damage: contradiction ?? (pictures === 0 ? 'it has no picture' : damageOfSize(width, height)),
  }
}

function note(bytes: Bytes, chunk: RiffChunk, seen: Seen): void {
  const size = sizeOf(chunk.type, bytes.read(chunk.data, chunk.data + Math.min(chunk.length, 16)))
  if (size !== null) [seen.width, seen.height] = [Math.max(seen.width, size[0]), Math.max(seen.height, size[1])]
  if (chunk.type === 'ANMF') seen.frames += 1
  if (chunk.type === 'ANMF' || chunk.type === 'VP8 ' || chunk.type === 'VP8L') seen.pictures += 1
  if (isNeeded(bytes, chunk)) return
  const end = Math.min(chunk.end, bytes.size)
  seen.metadata += end - chunk.start
  if (seen.location) return
  if (chunk.type === 'EXIF') seen.location = readExif(exifOf(bytes, chunk)).location
  else seen.location = hasXmpLocation(bytes, chunk.data, end)
}

/** Width and height by the head of a chunk (RFC 9649, sections 2.5 to 2.7; RFC 6386, section 9.1). */
function sizeOf(type: string, head: Buffer): [width: number, height: number] | null {
  if (type === 'VP8X' && head.length >= 10) return [head.readUIntLE(4, 3) + 1, head.readUIntLE(7, 3) + 1]
  if (type === 'ANMF' && head.length >= 12) return [head.readUIntLE(6, 3) + 1, head.readUIntLE(9, 3) + 1]
  if (type === 'VP8 ' && head.length >= 10) return [head.readUInt16LE(6) & 0x3fff, head.readUInt16LE(8) & 0x3fff]
  if (type !== 'VP8L' || head.length < 5) return null
  const bits = head.readUInt32LE(1)
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
}
