import type { Bytes } from '../bytes.ts'
import { hasCoordinates } from './exif.ts'
import { damageOfSize, type ImageReading, nothingRead } from './image-reading.ts'
import { entrySize, integersOf, type TiffDirectory, type TiffEntry, type TiffFormat } from './tiff-directories.ts'
import { type PlacedDirectory, type TiffWalk, walkTiff } from './tiff-walk.ts'
import { hasXmpLocation } from './xmp.ts'

const tags = Object.freeze({ width: 256, height: 257, xmp: 700, geoKeys: 34_735 })

/** Tags that say how the picture is stored and looks: baseline, extensions, colour profile. Every other is metadata. */
const visible = new Set([
  254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 286, 287,
  290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 326, 327, 328, 330, 332, 334, 336,
  338, 339, 340, 341, 342, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532, 34_675,
])

export function isNeeded({ tag }: TiffEntry): boolean {
  return visible.has(tag)
}

/** Reads TIFF and BigTIFF. A page that cannot be reached is damage only where none can. */
export function readTiff(bytes: Bytes): ImageReading {
  const walk = walkTiff(bytes)
  if (walk === null) return { ...nothingRead, damage: 'it has no header' }
  const { format, directories } = walk
  const pictures = directories.filter(({ role }) => role === 'page' || role === 'reduced')
  const sizes = pictures.map(({ directory }) => sizeOf(bytes, format, directory))
  const [width, height] = sizes.reduce(([w, h], [x, y]) => [Math.max(w, x), Math.max(h, y)], [0, 0])
  const total = directories.reduce((sum, place) => sum + metadataOf(format, place), 0)
  return {
    ...nothingRead,
    width,
    height,
    frames: Math.max(1, directories.filter(({ role }) => role === 'page').length),
    metadata: Math.min(total, bytes.size),
    location: isLocated(bytes, walk),
    damage: walk.damage ?? damageOfSize(...(sizes[0] ?? [0, 0])),
    unread: walk.crowded ? `it has more than ${directories.length} directories` : null,
  }
}

function sizeOf(bytes: Bytes, format: TiffFormat, { entries }: TiffDirectory): [width: number, height: number] {
  const value = (tag: number) => {
    const entry = entries.find((entry) => entry.tag === tag)
    return (entry && integersOf(bytes, format, entry, 1)[0]) ?? 0
  }
  return [value(tags.width), value(tags.height)]
}

function metadataOf(format: TiffFormat, { role, directory }: PlacedDirectory): number {
  const own = role === 'exif' || role === 'gps'
  return directory.entries
    .filter((entry) => own || !isNeeded(entry))
    .reduce((sum, { inline, length }) => sum + entrySize(format) + (inline ? 0 : length), 0)
}

/** Packets of XMP that are looked into, and how far: pages may all refer to the same large one. */
const packets = { most: 16, length: 2 ** 20 }

function isLocated(bytes: Bytes, { format, directories }: TiffWalk): boolean {
  const entries = directories.filter(({ role }) => role !== 'gps').flatMap(({ directory }) => directory.entries)
  if (entries.some(({ tag }) => tag === tags.geoKeys)) return true
  if (directories.some(({ role, directory }) => role === 'gps' && hasCoordinates(bytes, format, directory))) return true
  return entries
    .filter(({ tag }) => tag === tags.xmp)
    .slice(0, packets.most)
    .some(({ value, length }) => hasXmpLocation(bytes, value, value + Math.min(length, packets.length)))
}
