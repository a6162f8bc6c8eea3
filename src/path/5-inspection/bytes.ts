/**
 * Random access to the bytes of a file or of a member of one. Synchronous: whoever parses has a thread of its own, and
 * parsers that wait in the middle of a structure are hard to read.
 */
export interface Bytes {
  readonly size: number
  /** What there is between two offsets: clamped to the file, possibly empty. Never to be written to. */
  read(start: number, end: number): Buffer
}

export function memoryBytes(buffer: Buffer): Bytes {
  return { size: buffer.length, read: (start, end) => buffer.subarray(...clamp(start, end, buffer.length)) }
}

/** A part of other bytes, as bytes of its own. */
export function sliceOf(bytes: Bytes, start: number, end: number): Bytes {
  const [from, to] = clamp(start, end, bytes.size)
  return {
    size: to - from,
    read: (begin, stop) => {
      const [first, last] = clamp(begin, stop, to - from)
      return bytes.read(from + first, from + last)
    },
  }
}

/** The bytes in pieces of at most `size`, in order, each with its offset. */
export function* pieces(bytes: Bytes, size = 256 * 1024, start = 0, end = bytes.size): Generator<[number, Buffer]> {
  for (let at = start; at < end; at += size) yield [at, bytes.read(at, Math.min(at + size, end))]
}

/** Where a text of ISO 8859-1 first stands between two offsets; -1 where it does not. */
export function indexOfText(bytes: Bytes, text: string, start: number, end = bytes.size): number {
  const span = 64 * 1024
  for (let at = start; at < end; at += span) {
    const found = bytes.read(at, Math.min(at + span + text.length, end)).indexOf(text, 0, 'latin1')
    if (found >= 0) return at + found
  }
  return -1
}

export function clamp(start: number, end: number, size: number): [start: number, end: number] {
  const from = Math.min(Math.max(Math.trunc(start) || 0, 0), size)
  return [from, Math.min(Math.max(Math.trunc(end) || 0, from), size)]
}
