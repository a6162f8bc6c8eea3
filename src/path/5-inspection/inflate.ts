import { inflateRawSync, type ZlibOptions } from 'node:zlib'
import type { Expansion } from './expansion.ts'

/** One-shot decompression of node:zlib, of whatever format. */
export type Decompress = (packed: Buffer, options: ZlibOptions) => Buffer

/**
 * Unpacks within what `expansion` grants and records it. `passed` where the output would exceed a bound, `damaged` where
 * the data is not of the format.
 */
export function unpack(packed: Buffer, expansion: Expansion, decompress: Decompress = inflateRawSync) {
  const { room } = expansion
  if (room === 0) return 'passed'
  const most = Math.min(room, expansion.mostOf(packed.length))
  try {
    const bytes = decompress(packed, { maxOutputLength: most })
    return expansion.unpacked(packed.length, bytes.length) ? bytes : 'passed'
  } catch (error) {
    if (!isOverflow(error)) return 'damaged'
    if (most < room) expansion.unpacked(packed.length, most + 1)
    else expansion.overflow(packed.length)
    return 'passed'
  }
}

function isOverflow(error: unknown): boolean {
  return (
    error instanceof RangeError || (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
  )
}
