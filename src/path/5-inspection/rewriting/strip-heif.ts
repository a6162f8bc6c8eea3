import type { RecipePiece } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { type Box, boxes, findBox } from '../images/bmff-boxes.ts'
import { isNeeded } from '../images/heif.ts'
import { type Extent, itemsOf } from '../images/heif-items.ts'
import { blankItem, isMetadata, itemBytes } from '../images/heif-metadata.ts'
import { readMovie } from '../images/movie.ts'
import { replaced, zeros } from './recipe.ts'

/** Each extent is looked for among all pictures and boxes. Phones write three items of metadata, of one extent each. */
const most = { extents: 128, boxes: 10_000 }

/** New bytes for a range of the file, as many as it has. */
interface Patch extends Extent {
  readonly fresh: readonly RecipePiece[]
}

/**
 * Nothing moves: items of metadata are blanked where they stand, boxes of metadata become free space, and what follows
 * the last box that readers need goes. Null where an item's place is not known, or is not its own.
 */
export function stripHeif(bytes: Bytes): Iterable<RecipePiece> | null {
  const all = boxesOf(bytes)
  if (all === null) return null
  const end = Math.min(all.findLast(isNeeded)?.end ?? 0, bytes.size)
  const patches: Patch[] = all.filter((box) => !isNeeded(box) && box.end <= end).map((box) => freed(bytes, box))
  for (const box of all) {
    if (box.type === 'moov') patches.push(...readMovie(bytes, box).metadata.map((inner) => freed(bytes, inner)))
    if (box.type !== 'meta') continue
    const items = blankedItems(bytes, box, all)
    if (items === null) return null
    patches.push(...items)
  }
  return patched(
    patches.toSorted((a, b) => a.start - b.start),
    end,
  )
}

function boxesOf(bytes: Bytes): Box[] | null {
  const all: Box[] = []
  for (const box of boxes(bytes, 0, bytes.size)) if (all.push(box) > most.boxes) return null
  return all
}

/** The box as free space of the same size. */
function freed(bytes: Bytes, { start, body, end }: Box): Patch {
  const head = Buffer.from(bytes.read(start, body))
  head.write('free', 4, 'latin1')
  return { start, end, fresh: [{ literal: head }, ...zeros(end - body)] }
}

function blankedItems(bytes: Bytes, meta: Box, all: readonly Box[]): Patch[] | null {
  const items = itemsOf(bytes, meta)
  if (items === null) return null
  const metadata = items.filter(isMetadata)
  const data = findBox(bytes, 'idat', meta.body + 4, meta.end)
  const places = all.filter(({ type }) => type === 'mdat').concat(data ?? [])
  const pictures = items.filter((item) => !isMetadata(item)).flatMap(({ extents }) => extents ?? [])
  const count = metadata.reduce((sum, { extents }) => sum + (extents?.length ?? 0), 0)
  if (count > most.extents) return null
  const patches: Patch[] = []
  for (const item of metadata) {
    const extents = item.extents ?? []
    const own = item.extents !== null && extents.every((extent) => isOwn(extent, places, pictures))
    const content = own ? itemBytes(bytes, item) : null
    if (content === null) return null
    patches.push(...spread(bytes, extents, blankItem(item.type, content)))
  }
  return patches
}

function isOwn({ start, end }: Extent, places: readonly Box[], pictures: readonly Extent[]): boolean {
  return (
    places.some((place) => place.body <= start && end <= place.end) &&
    !pictures.some((other) => other.start < end && start < other.end)
  )
}

function spread(bytes: Bytes, extents: readonly Extent[], blank: Buffer): Patch[] {
  let at = 0
  return extents.map(({ start, end }) => {
    const fresh = replaced(bytes, start, end, blank.subarray(at, at + end - start))
    at += end - start
    return { start, end, fresh: [fresh] }
  })
}

/** Null where patches overlap. */
function patched(patches: readonly Patch[], end: number): RecipePiece[] | null {
  const pieces: RecipePiece[] = []
  let at = 0
  for (const patch of patches) {
    if (patch.start < at) return null
    pieces.push({ start: at, end: patch.start }, ...patch.fresh)
    at = patch.end
  }
  pieces.push({ start: at, end })
  return pieces
}
