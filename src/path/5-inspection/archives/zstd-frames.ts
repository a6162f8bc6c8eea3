/** A Zstandard file walked from block to block, nothing unpacked (RFC 8878 section 3). */
export interface ZstdFrames {
  /** Offset of the first byte after the last whole frame. */
  readonly end: number
  /** Frames with data in them. */
  readonly count: number
  /** Largest window that a frame asks a reader to keep, in bytes. */
  readonly window: number
  /** Whether a frame was packed with a dictionary, without which nobody can read it. */
  readonly hasDictionary: boolean
}

const frameMagic = 0xfd2fb528
const skippableMagic = 0x184d2a50

/** Null where a frame is cut off or contradicts itself. */
export function readZstdFrames(packed: Buffer): ZstdFrames | null {
  let [end, count, window, hasDictionary] = [0, 0, 0, false]
  while (end + 8 <= packed.length) {
    const magic = packed.readUInt32LE(end)
    if ((magic & 0xfffffff0) >>> 0 === skippableMagic) {
      end += 8 + packed.readUInt32LE(end + 4)
    } else if (magic === frameMagic) {
      const frame = readFrame(packed, end)
      if (frame === null) return null
      count += 1
      window = Math.max(window, frame.window)
      hasDictionary ||= frame.hasDictionary
      end = frame.end
    } else break
    if (end > packed.length) return null
  }
  return { end, count, window, hasDictionary }
}

function readFrame(packed: Buffer, start: number) {
  const descriptor = packed[start + 4] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  const [sizeLength = 0] = [[isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]]
  let at = start + 5 + (isSingle ? 0 : 1)
  const hasDictionary = packed.subarray(at, at + dictionary).some((byte) => byte !== 0)
  at += dictionary
  if ((descriptor & 0x08) !== 0 || at + sizeLength > packed.length) return null
  const window = isSingle ? sizeAt(packed, at, sizeLength) : windowOf(packed[start + 5] ?? 0)
  const end = endOfBlocks(packed, at + sizeLength)
  return end === null ? null : { end: end + (descriptor & 4), window, hasDictionary }
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

function sizeAt(packed: Buffer, at: number, length: number): number {
  if (length === 8) return Number(packed.readBigUInt64LE(at))
  return length === 2 ? packed.readUInt16LE(at) + 256 : packed.readUIntLE(at, length)
}

function endOfBlocks(packed: Buffer, start: number): number | null {
  let at = start
  for (;;) {
    if (at + 3 > packed.length) return null
    const header = packed.readUIntLE(at, 3)
    const type = (header >> 1) & 3
    if (type === 3) return null
    at += 3 + (type === 1 ? 1 : header >> 3)
    if ((header & 1) === 1) return at
  }
}
