import type { Bytes } from '../bytes.ts'
import { type Box, boxes, contentOf, findBox } from './bmff-boxes.ts'

export interface Extent {
  readonly start: number
  readonly end: number
}

/** An item of a HEIF file (ISO/IEC 23008-12): a picture, a tile, a thumbnail, EXIF, XMP. */
export interface HeifItem {
  readonly id: number
  readonly type: string
  /** Media type of an item of type `mime`; empty otherwise. */
  readonly contentType: string
  readonly hidden: boolean
  /** Where its bytes are in the file; null where they are not told so. */
  readonly extents: readonly Extent[] | null
}

/** A photo in tiles has some hundred items. */
const most = 65_536

/** The items that have an entry of version 2 or 3; null where they are too many. */
export function itemsOf(bytes: Bytes, meta: Box): HeifItem[] | null {
  const locations = locationsOf(bytes, meta)
  const table = findBox(bytes, 'iinf', meta.body + 4, meta.end)
  const items: HeifItem[] = []
  if (table === null) return items
  const wide = (bytes.read(table.body, table.body + 1)[0] ?? 0) > 0
  for (const { type, body, end } of boxes(bytes, table.body + (wide ? 8 : 6), table.end)) {
    if (type !== 'infe' || end > table.end) continue
    const entry = bytes.read(body, Math.min(end, body + 512))
    const width = entry[0] === 3 ? 4 : 2
    if (entry.length < 10 + width) continue
    const id = entry.readUIntBE(4, width)
    const [, contentType = ''] = entry.toString('latin1', 10 + width).split('\0', 2)
    if (items.length === most) return null
    items.push({
      id,
      type: entry.toString('latin1', 6 + width, 10 + width),
      contentType,
      hidden: ((entry[3] ?? 0) & 1) === 1,
      extents: locations.get(id) ?? null,
    })
  }
  return items
}

/** ItemLocationBox, versions 0 to 2. Items that are made of parts of other items are left out. */
function locationsOf(bytes: Bytes, meta: Box): Map<number, readonly Extent[]> {
  const found = new Map<number, readonly Extent[]>()
  const box = findBox(bytes, 'iloc', meta.body + 4, meta.end)
  const content = box && contentOf(bytes, box)
  if (!content || content.length < 8) return found
  const data = findBox(bytes, 'idat', meta.body + 4, meta.end)
  const read = numbersOf(content, 6)
  const version = content[0] ?? 0
  const [sizes, bases] = [content[4] ?? 0, content[5] ?? 0]
  const widths = { offset: sizes >> 4, length: sizes & 15, base: bases >> 4, index: version === 0 ? 0 : bases & 15 }
  const count = read(version < 2 ? 2 : 4)
  for (let index = 0; index < count; index += 1) {
    const id = read(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : read(2) & 15
    read(2)
    const base = read(widths.base) + (method === 1 && data ? data.body : 0)
    const extents = extentsOf(read, base, widths, bytes.size)
    if (extents === null) break
    if (method === 0 || (method === 1 && data)) found.set(id, extents)
  }
  return found
}

type ReadNumber = (width: number) => number

/** Big-endian numbers one after the other; past the end they are NaN. */
function numbersOf(content: Buffer, start: number): ReadNumber {
  let at = start
  return (width) => {
    const from = at
    at += width
    if (at > content.length) return Number.NaN
    if (width === 8) return Number(content.readBigUInt64BE(from))
    return width === 0 ? 0 : content.readUIntBE(from, Math.min(width, 6))
  }
}

interface Widths {
  readonly offset: number
  readonly length: number
  readonly index: number
}

/** Null where the table ends too early. An extent of no length reaches to the end of the file. */
function extentsOf(read: ReadNumber, base: number, widths: Widths, size: number): Extent[] | null {
  const extents: Extent[] = []
  const count = read(2)
  if (Number.isNaN(count)) return null
  for (let index = 0; index < count; index += 1) {
    read(widths.index)
    const start = base + read(widths.offset)
    const length = read(widths.length)
    if (Number.isNaN(start + length)) return null
    extents.push({ start, end: length === 0 ? size : start + length })
    // Without widths the others are the same, and would cost no byte of the table.
    if (widths.offset + widths.length + widths.index === 0) break
  }
  return extents
}
