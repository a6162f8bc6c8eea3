import { type Bytes, clamp } from './bytes.ts'

/**
 * The same bytes behind one window of `span` bytes, for parsers that walk from header to header: a read that crosses
 * pages of a held file copies, and some look far ahead at each step. Longer reads go past the window.
 */
export function windowed(bytes: Bytes, span = 64 * 1024): Bytes {
  let from = 0
  let held: Buffer = Buffer.alloc(0)
  return {
    size: bytes.size,
    read: (begin, stop) => {
      const [start, end] = clamp(begin, stop, bytes.size)
      if (end - start > span) return bytes.read(start, end)
      if (start < from || end > from + held.length) {
        from = Math.max(0, Math.min(start, bytes.size - span))
        held = bytes.read(from, from + span)
      }
      return held.subarray(start - from, end - from)
    },
  }
}
