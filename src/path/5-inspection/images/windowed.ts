import { type Bytes, clamp } from '../bytes.ts'

/**
 * The same bytes behind one window of `span` bytes, because each read of a held file costs as much as reading kilobytes.
 * Serves walks that go forward by small steps; what is longer than the window is read past it.
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

/** Whether the text stands between two offsets. Bounded in memory, whatever the distance. */
export function includesText(bytes: Bytes, text: string, start: number, end: number): boolean {
  const span = 64 * 1024
  for (let at = start; at < end; at += span) {
    if (bytes.read(at, Math.min(at + span + text.length, end)).includes(text, 0, 'latin1')) return true
  }
  return false
}
