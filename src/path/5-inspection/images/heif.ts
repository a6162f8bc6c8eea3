import type { Bytes } from '../bytes.ts'
import { type Box, boxes, findBox } from './bmff-boxes.ts'
import { readExif } from './exif.ts'
import { type HeifItem, itemsOf } from './heif-items.ts'
import { exifOf, isBlank, isMetadata, itemBytes, lengthOf } from './heif-metadata.ts'
import { damageOfSize, type ImageReading, nothingRead } from './image-reading.ts'
import { hasMovieLocation, readMovie } from './movie.ts'

/** Boxes of the file itself that readers of pictures use; every other is metadata, or another program's. */
const needed = new Set('ftyp styp meta mdat idat moov moof mfra sidx free skip wide pdin'.split(' '))

export function isNeeded({ type }: Box): boolean {
  return needed.has(type)
}

/** Items of metadata that are looked into. */
const mostItems = 64

interface Seen {
  width: number
  height: number
  frames: number
  metadata: number
  location: boolean
  damage: string | null
  unread: string | null
}

/** Reads HEIC, HEIF and AVIF: single pictures, grids and sequences. What a codec's own header says is not read. */
export function readHeif(bytes: Bytes): ImageReading {
  const seen: Seen = { width: 0, height: 0, frames: 0, metadata: 0, location: false, damage: null, unread: null }
  let end = 0
  for (const box of boxes(bytes, 0, bytes.size)) {
    // Other programs' boxes say their length and are all there; text would pass for the beginning of a large one.
    if (!isNeeded(box) && (box.open || box.end > bytes.size)) break
    end = box.end
    if (!isNeeded(box)) {
      seen.metadata += Math.min(box.end, bytes.size) - box.start
      seen.location ||= box.type === 'mpvd' && hasFilmLocation(bytes, box)
    }
    if (box.type !== 'meta' && box.type !== 'moov') continue
    if (box.end > bytes.size) seen.damage = 'it ends before its header does'
    else if (box.type === 'meta') readItems(bytes, box, seen)
    else readSequence(bytes, box, seen)
  }
  const { width, height, frames, metadata, location, unread } = seen
  return {
    ...nothingRead,
    width,
    height,
    frames: Math.max(1, frames),
    metadata,
    location,
    end: end > bytes.size ? null : end,
    damage: seen.damage ?? damageOfSize(width, height),
    unread,
  }
}

function readItems(bytes: Bytes, meta: Box, seen: Seen): void {
  const properties = findBox(bytes, 'iprp', meta.body + 4, meta.end)
  const container = properties && findBox(bytes, 'ipco', properties.body, properties.end)
  if (container) extents(bytes, container, seen)
  const items = itemsOf(bytes, meta)
  if (items === null) {
    seen.unread = 'it has too many items'
    return
  }
  const parts = partsOf(bytes, meta)
  const pictures = items.filter(
    ({ id, type, hidden }) => !hidden && !parts.has(id) && !/^(?:Exif|mime|uri )$/.test(type),
  )
  seen.frames = Math.max(seen.frames, pictures.length)
  const metadata = items.filter(isMetadata)
  if (metadata.length > mostItems) seen.unread = `it has ${metadata.length} items of metadata`
  for (const item of metadata.slice(0, mostItems)) readMetadata(bytes, item, seen)
}

/** The largest ImageSpatialExtentsProperty: that of the whole picture where it is a grid. */
function extents(bytes: Bytes, container: Box, seen: Seen): void {
  for (const { type, body, end } of boxes(bytes, container.body, container.end)) {
    const size = type === 'ispe' ? bytes.read(body + 4, Math.min(body + 12, end)) : Buffer.alloc(0)
    if (size.length < 8) continue
    seen.width = Math.max(seen.width, size.readUInt32BE(0))
    seen.height = Math.max(seen.height, size.readUInt32BE(4))
  }
}

/** Items that are tiles or sources of another picture, thumbnails or auxiliary. */
function partsOf(bytes: Bytes, meta: Box): Set<number> {
  const parts = new Set<number>()
  const references = findBox(bytes, 'iref', meta.body + 4, meta.end)
  if (references === null) return parts
  const width = bytes.read(references.body, references.body + 1)[0] === 0 ? 2 : 4
  for (const { type, body, end } of boxes(bytes, references.body + 4, references.end)) {
    const ids = bytes.read(body, Math.min(end, body + 2 + width + 65_535 * width))
    if (ids.length < width + 2) continue
    if (type === 'thmb' || type === 'auxl') parts.add(ids.readUIntBE(0, width))
    if (type !== 'dimg') continue
    for (let at = width + 2; at + width <= ids.length; at += width) parts.add(ids.readUIntBE(at, width))
  }
  return parts
}

function readMetadata(bytes: Bytes, item: HeifItem, seen: Seen): void {
  const content = itemBytes(bytes, item)
  if (content !== null && isBlank(item.type, content)) return
  seen.metadata += Math.min(lengthOf(item.extents), bytes.size)
  if (content === null) return
  seen.location ||= item.type === 'Exif' ? readExif(exifOf(content)).location : content.includes('GPSLatitude')
}

function readSequence(bytes: Bytes, box: Box, seen: Seen): void {
  const movie = readMovie(bytes, box)
  if (movie.crowded) seen.unread = 'it has too many tracks'
  seen.width = Math.max(seen.width, movie.width)
  seen.height = Math.max(seen.height, movie.height)
  seen.frames = Math.max(seen.frames, movie.frames)
  for (const { start, end } of movie.metadata) seen.metadata += end - start
  seen.location ||= hasMovieLocation(bytes, movie)
}

/** A motion photo keeps its film, an MP4 file of its own, in a box. */
function hasFilmLocation(bytes: Bytes, film: Box): boolean {
  const box = findBox(bytes, 'moov', film.body, Math.min(film.end, bytes.size))
  return box !== null && hasMovieLocation(bytes, readMovie(bytes, box))
}
