import type { Bytes } from '../bytes.ts'

/** A box (ISO/IEC 14496-12, 4.2). */
export interface Box {
  readonly type: string
  readonly start: number
  /** Offset of the content, past size and type; version and flags of a full box are content. */
  readonly body: number
  /** Past the box; past the end of its container where it is cut off. */
  readonly end: number
  /** It says no length, and so reaches to the end of its container. */
  readonly open: boolean
}

/** The boxes between two offsets, up to where none stands. */
export function* boxes(bytes: Bytes, start: number, end: number): Generator<Box> {
  for (let at = start; at + 8 <= end; ) {
    const box = boxAt(bytes, at, end)
    if (box === null) return
    yield box
    at = box.end
  }
}

function boxAt(bytes: Bytes, start: number, limit: number): Box | null {
  const head = bytes.read(start, start + 16)
  if (head.length < 8) return null
  const type = head.toString('latin1', 4, 8)
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return null
  const size = head.readUInt32BE(0)
  if (size === 0) return { type, start, body: start + 8, end: limit, open: true }
  if (size >= 8) return { type, start, body: start + 8, end: start + size, open: false }
  if (size !== 1 || head.length < 16) return null
  const large = Number(head.readBigUInt64BE(8))
  return large < 16 ? null : { type, start, body: start + 16, end: start + large, open: false }
}

/** Boxes among which one is looked for: containers have some ten. */
const mostSiblings = 1000

/** The first box of a type between two offsets, where all of it is there. */
export function findBox(bytes: Bytes, type: string, start: number, end: number): Box | null {
  let count = 0
  for (const box of boxes(bytes, start, end)) {
    if (box.type === type) return box.end <= end ? box : null
    count += 1
    if (count > mostSiblings) return null
  }
  return null
}

/** The content of a box that is a table, null where it is larger than any such table is. */
export function contentOf(bytes: Bytes, { body, end }: Box, most = 4 * 2 ** 20): Buffer | null {
  return end - body > most ? null : bytes.read(body, end)
}
