import { type Bytes, sliceOf } from '../bytes.ts'
import type { Expansion } from '../expansion.ts'
import { dibHeader } from './bmp.ts'
import { damageOfSize, type ImageReading, nothingRead } from './image-reading.ts'
import { readPng } from './png.ts'

/** A picture of an icon or cursor: where its PNG or bitmap stands. */
export interface IconEntry {
  readonly start: number
  readonly end: number
  readonly png: boolean
}

export const iconHeaderLength = 6
export const iconEntryLength = 16

/** Pictures of an icon that are read; programs write up to a dozen sizes. */
const most = 1000

/** The pictures in the order of the directory, as many as are read. */
export function iconEntries(bytes: Bytes): IconEntry[] {
  const table = bytes.read(iconHeaderLength, iconHeaderLength + Math.min(iconCount(bytes), most) * iconEntryLength)
  return Array.from({ length: Math.floor(table.length / iconEntryLength) }, (_, index) => {
    const start = table.readUInt32LE(index * iconEntryLength + 12)
    const end = start + table.readUInt32LE(index * iconEntryLength + 8)
    return { start, end, png: bytes.read(start, start + 4).toString('latin1') === '\x89PNG' }
  })
}

function iconCount(bytes: Bytes): number {
  const head = bytes.read(0, iconHeaderLength)
  return head.length < iconHeaderLength ? 0 : head.readUInt16LE(4)
}

/** Reads icons and cursors: the largest of their pictures, whose number counts as frames. */
export function readIco(bytes: Bytes, expansion: Expansion | null): ImageReading {
  const frames = iconCount(bytes)
  const entries = [...new Map(iconEntries(bytes).map((entry) => [entry.start, entry])).values()]
  const total = entries.reduce((sum, { start, end }) => sum + end - start, 0)
  if (frames === 0) return { ...nothingRead, damage: 'it has no picture' }
  if (total > bytes.size) return { ...nothingRead, damage: 'its pictures are longer than the file' }
  const pictures = entries.map((entry) => readEntry(bytes, entry, expansion))
  const width = Math.max(...pictures.map((picture) => picture.width))
  const height = Math.max(...pictures.map((picture) => picture.height))
  return {
    ...nothingRead,
    width,
    height,
    frames,
    metadata: pictures.reduce((sum, { metadata }) => sum + metadata, 0),
    location: pictures.some(({ location }) => location),
    end: Math.max(iconHeaderLength + frames * iconEntryLength, ...entries.map(({ end }) => end)),
    damage: damageOfSize(width, height),
    unread: frames > most ? `it has more than ${most} pictures` : null,
  }
}

function readEntry(bytes: Bytes, { start, end, png }: IconEntry, expansion: Expansion | null): ImageReading {
  if (png) return readPng(sliceOf(bytes, start, end), expansion)
  const dib = dibHeader(bytes, start)
  // An icon's bitmap counts its mask as rows of its own.
  return dib === null ? nothingRead : { ...nothingRead, width: dib.width, height: Math.ceil(dib.height / 2) }
}
