import { type Bytes, indexOfText } from '../bytes.ts'
import { type Box, boxes, findBox } from './bmff-boxes.ts'

/** What a movie box says: of an image sequence, or of the film in a motion photo (ISO/IEC 14496-12, 8). */
export interface Movie {
  readonly width: number
  readonly height: number
  /** Samples of its longest track of pictures. */
  readonly frames: number
  /** User data and metadata of the movie and of its tracks. */
  readonly metadata: readonly Box[]
  /** Its boxes are too many to be looked at. */
  readonly crowded: boolean
}

/** Films have up to five tracks, of which each may have a box of metadata. */
const most = 1000

const metadataTypes = new Set(['udta', 'meta', 'uuid'])

export function readMovie(bytes: Bytes, { body, end }: Box): Movie {
  const seen = { width: 0, height: 0, frames: 0, metadata: [] as Box[], crowded: false }
  let count = 0
  for (const box of boxes(bytes, body, Math.min(end, bytes.size))) {
    count += 1
    if (Math.max(count, seen.metadata.length) > most) return { ...seen, crowded: true }
    if (metadataTypes.has(box.type)) seen.metadata.push(box)
    if (box.type !== 'trak' || box.end > bytes.size) continue
    for (const inner of boxes(bytes, box.body, box.end)) {
      if (metadataTypes.has(inner.type) && seen.metadata.push(inner) > most) break
    }
    const track = readTrack(bytes, box)
    if (track === null) continue
    seen.width = Math.max(seen.width, track.width)
    seen.height = Math.max(seen.height, track.height)
    seen.frames = Math.max(seen.frames, track.frames)
  }
  return seen
}

function readTrack(bytes: Bytes, track: Box): { width: number; height: number; frames: number } | null {
  const media = findBox(bytes, 'mdia', track.body, track.end)
  const handler = media && findBox(bytes, 'hdlr', media.body, media.end)
  const kind = handler && bytes.read(handler.body + 8, handler.body + 12).toString('latin1')
  if (kind !== 'pict' && kind !== 'vide') return null
  const inner = media && findBox(bytes, 'minf', media.body, media.end)
  const table = inner && findBox(bytes, 'stbl', inner.body, inner.end)
  if (!table) return null
  const sizes = findBox(bytes, 'stsz', table.body, table.end) ?? findBox(bytes, 'stz2', table.body, table.end)
  const count = sizes ? bytes.read(sizes.body + 8, Math.min(sizes.body + 12, sizes.end)) : Buffer.alloc(0)
  return { ...entrySize(bytes, table), frames: count.length < 4 ? 0 : count.readUInt32BE(0) }
}

function entrySize(bytes: Bytes, table: Box): { width: number; height: number } {
  const descriptions = findBox(bytes, 'stsd', table.body, table.end)
  const [entry] = descriptions ? boxes(bytes, descriptions.body + 8, descriptions.end) : []
  const size = entry ? bytes.read(entry.body + 24, Math.min(entry.body + 28, entry.end)) : Buffer.alloc(0)
  return size.length < 4 ? { width: 0, height: 0 } : { width: size.readUInt16BE(0), height: size.readUInt16BE(2) }
}

/** Names under which films say where they were taken: QuickTime, 3GPP, Apple, XMP. */
const placeNames = ['\xa9xyz', 'loci', 'location.ISO6709', 'GPSLatitude']

export function hasMovieLocation(bytes: Bytes, { metadata }: Movie): boolean {
  return metadata.some(({ body, end }) =>
    placeNames.some((name) => indexOfText(bytes, name, body, Math.min(end, bytes.size)) >= 0),
  )
}
