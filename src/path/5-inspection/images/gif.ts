import type { Bytes } from '../bytes.ts'
import { type GifBlock, gifBlocks, isNeeded } from './gif-blocks.ts'
import { damageOfSize, type ImageReading, nothingRead } from './image-reading.ts'
import { hasXmpLocation } from './xmp.ts'

/** Reads GIF87a and GIF89a. Frames may be larger than the screen, which some decoders then enlarge. */
export function readGif(bytes: Bytes): ImageReading {
  const head = bytes.read(0, 10)
  if (head.length < 10) return { ...nothingRead, damage: 'it ends before its header does' }
  let [width, height] = [head.readUInt16LE(6), head.readUInt16LE(8)]
  let [frames, metadata, end] = [0, 0, 0]
  let location = false
  for (const block of gifBlocks(bytes)) {
    if (block.kind === 'image') {
      const [right, bottom] = corner(bytes, block)
      ;[frames, width, height] = [frames + 1, Math.max(width, right), Math.max(height, bottom)]
    } else if (!isNeeded(bytes, block)) {
      const stop = Math.min(block.end, bytes.size)
      metadata += stop - block.start
      location ||= block.kind === 'application' && hasXmpLocation(bytes, block.start, stop)
    }
    end = block.end
  }
  const damage = frames === 0 ? 'it has no picture' : damageOfSize(width, height)
  return { ...nothingRead, width, height, frames, metadata, location, end: end > bytes.size ? null : end, damage }
}

function corner(bytes: Bytes, { start }: GifBlock): [right: number, bottom: number] {
  const place = bytes.read(start + 1, start + 9)
  if (place.length < 8) return [0, 0]
  return [place.readUInt16LE(0) + place.readUInt16LE(4), place.readUInt16LE(2) + place.readUInt16LE(6)]
}
