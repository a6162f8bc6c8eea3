import type { Bytes } from '../bytes.ts'

const windowSize = 128 * 1024

/** Reads like `Bytes.read`, for a parser that walks from header to header: short reads come from a window kept in memory. */
export type ReadWindow = (start: number, end: number) => Buffer

export function readWindow(bytes: Bytes): ReadWindow {
  let from = 0
  let kept: Buffer = Buffer.alloc(0)
  return (start, end) => {
    if (end - start > windowSize) return bytes.read(start, end)
    if (start < from || end > from + kept.length) {
      from = start
      kept = bytes.read(start, start + windowSize)
    }
    return kept.subarray(start - from, end - from)
  }
}
