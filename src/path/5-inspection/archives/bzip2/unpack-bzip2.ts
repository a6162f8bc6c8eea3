import { type BitReader, bitReader } from './bit-reader.ts'
import { readColumn } from './block.ts'
import { type Output, output } from './output.ts'

const blockUnit = 100_000
const longestBlock = 9 * blockUnit
/** The first digits of pi and of its square root, in halves. */
const blockStart = [0x314159, 0x265359] as const
const streamEnd = [0x177245, 0x385090] as const

export interface Unpacked {
  readonly content: Buffer
  /** Offset of the first byte after the last stream. */
  readonly end: number
  /** Whether all checksums fit. */
  readonly isIntact: boolean
}

/**
 * The content of a bzip2 file, of all its streams together. Written from the format as the programs have it, there being
 * no specification. Throws where the data is not of it, and a RangeError past `most` bytes.
 */
export function unpackBzip2(packed: Buffer, most: number): Unpacked {
  const out = output(most)
  // One for all streams: a stream of 14 bytes may ask for the longest blocks.
  const column = new Uint32Array(longestBlock)
  let [end, isIntact] = [0, true]
  while (packed.toString('latin1', end, end + 3) === 'BZh') {
    const level = (packed[end + 3] ?? 0) - 0x30
    if (level < 1 || level > 9) throw new Error('no such block size')
    const input = bitReader(packed, end + 4)
    isIntact = readStream(input, out, column.subarray(0, level * blockUnit)) && isIntact
    end = input.offset
  }
  return { content: out.finish(), end, isIntact }
}

function readStream(input: BitReader, out: Output, column: Uint32Array): boolean {
  let [all, isIntact] = [0, true]
  while (isNext(input, blockStart, streamEnd)) {
    const stated = checksum(input)
    readBlock(input, out, column)
    isIntact = out.takeChecksum() === stated && isIntact
    all = ((all << 1) | (all >>> 31)) ^ stated
  }
  isIntact = checksum(input) === all >>> 0 && isIntact
  input.align()
  return isIntact
}

function isNext(input: BitReader, mark: readonly [number, number], other: readonly [number, number]): boolean {
  const [high, low] = [input.bits(24), input.bits(24)]
  if (high === mark[0] && low === mark[1]) return true
  if (high === other[0] && low === other[1]) return false
  throw new Error('neither a block nor the end')
}

function checksum(input: BitReader): number {
  return ((input.bits(16) << 16) | input.bits(16)) >>> 0
}

function readBlock(input: BitReader, out: Output, column: Uint32Array): void {
  if (input.bits(1) === 1) throw new Error('randomised, which nothing has written since 1997')
  const origin = input.bits(24)
  const count = readColumn(input, column)
  if (origin >= count) throw new Error('begins outside of the block')
  linkRows(column, count)
  writeRows(column, count, (column[origin] ?? 0) >>> 8, out)
}

/** Puts into the upper bits of each place of the column where the next byte of the text stands (Burrows and Wheeler). */
function linkRows(column: Uint32Array, count: number): void {
  const starts = new Uint32Array(257)
  for (let at = 0; at < count; at += 1) starts[(column[at] ?? 0) + 1] = (starts[(column[at] ?? 0) + 1] ?? 0) + 1
  for (let byte = 0; byte < 256; byte += 1) starts[byte + 1] = (starts[byte + 1] ?? 0) + (starts[byte] ?? 0)
  for (let at = 0; at < count; at += 1) {
    const byte = (column[at] ?? 0) & 0xff
    const place = starts[byte] ?? 0
    starts[byte] = place + 1
    column[place] = ((column[place] ?? 0) | (at << 8)) >>> 0
  }
}

/** Follows the links; after four equal bytes stands how many more there are. */
function writeRows(column: Uint32Array, count: number, first: number, out: Output): void {
  let [at, previous, equal] = [first, -1, 0]
  for (let left = count; left > 0; left -= 1) {
    const entry = column[at] ?? 0
    const byte = entry & 0xff
    at = entry >>> 8
    if (equal === 4) {
      out.write(previous, byte)
      equal = 0
      previous = -1
      continue
    }
    equal = byte === previous ? equal + 1 : 1
    previous = byte
    out.write(byte, 1)
  }
}
