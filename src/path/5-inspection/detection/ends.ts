import type { Bytes } from '../bytes.ts'

/** Bytes at the beginning and the end of a file on which its type is judged. */
export const headLength = 64 * 1024
const tailLength = 4 * 1024

/** The two ends of a file; they do not overlap, and the tail is empty where the head holds everything. */
export interface Ends {
  readonly size: number
  readonly head: Buffer
  readonly tail: Buffer
}

export function readEnds(content: Bytes): Ends {
  const { size } = content
  const head = content.read(0, Math.min(size, headLength))
  const start = Math.max(headLength, size - tailLength)
  const tail = start < size ? content.read(start, size) : Buffer.alloc(0)
  return { size, head, tail }
}
