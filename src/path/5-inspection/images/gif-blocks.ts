import type { Bytes } from '../bytes.ts'

/** A block of a GIF with all of its sub-blocks (GIF89a, appendix A). */
export interface GifBlock {
  /** `header` is signature, screen descriptor and global colour table. */
  readonly kind: 'header' | 'image' | 'control' | 'comment' | 'text' | 'application' | 'other' | 'trailer'
  readonly start: number
  /** Past the block; past the end of the file where it is cut off. */
  readonly end: number
}

const extensions = new Map<number, GifBlock['kind']>([
  [0x01, 'text'],
  [0xf9, 'control'],
  [0xfe, 'comment'],
  [0xff, 'application'],
])

/** The blocks up to the trailer, to the end of the file, or to where no block stands. Zeros between blocks are skipped. */
export function* gifBlocks(bytes: Bytes): Generator<GifBlock> {
  const head = bytes.read(0, 13)
  if (head.length < 13) return
  let at = 13 + tableSize(head[10] ?? 0)
  yield { kind: 'header', start: 0, end: at }
  while (at < bytes.size) {
    const introducer = bytes.read(at, at + 2)
    if (introducer[0] === 0) at += 1
    else {
      const block = blockAt(bytes, at, introducer)
      if (block === null) return
      yield block
      if (block.kind === 'trailer') return
      at = block.end
    }
  }
}

function blockAt(bytes: Bytes, start: number, [introducer, label = -1]: Buffer): GifBlock | null {
  if (introducer === 0x3b) return { kind: 'trailer', start, end: start + 1 }
  if (introducer === 0x21) {
    return { kind: extensions.get(label) ?? 'other', start, end: skipSubBlocks(bytes, start + 2) }
  }
  if (introducer !== 0x2c) return null
  const flags = bytes.read(start + 9, start + 10)[0] ?? 0
  return { kind: 'image', start, end: skipSubBlocks(bytes, start + 11 + tableSize(flags)) }
}

function tableSize(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** The offset past the terminator of a chain of sub-blocks; past the end of the file where there is none. */
function skipSubBlocks(bytes: Bytes, from: number): number {
  const span = 32 * 1024
  for (let at = from; at < bytes.size; ) {
    const piece = bytes.read(at, at + span)
    let index = 0
    while (index < piece.length) {
      const length = piece[index] ?? 0
      index += 1 + length
      if (length === 0) return at + index
    }
    at += index
  }
  return bytes.size + 1
}

/** Application extensions that say how the picture is shown: loops and colours. */
const visible = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012'])

export function isNeeded(bytes: Bytes, { kind, start }: GifBlock): boolean {
  if (kind === 'application') return visible.has(bytes.read(start + 3, start + 14).toString('latin1'))
  return kind !== 'comment' && kind !== 'text' && kind !== 'other'
}
