import type { Bytes } from '../../src/path/5-inspection/bytes.ts'

export interface Measured extends Bytes {
  /** Bytes given out so far, in how many reads. */
  readonly taken: number
  readonly reads: number
}

/** Bytes that count what is read of them, so that growth is measured without a clock. */
export function measured(bytes: Buffer): Measured {
  let [taken, reads] = [0, 0]
  return {
    size: bytes.length,
    read: (start, end) => {
      const from = Math.max(0, Math.min(Math.trunc(start) || 0, bytes.length))
      const piece = bytes.subarray(from, Math.max(from, Math.trunc(end) || 0))
      taken += piece.length
      reads += 1
      return piece
    },
    get taken() {
      return taken
    },
    get reads() {
      return reads
    },
  }
}
