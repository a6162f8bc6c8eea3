/** Lines that wait to be written, bounded by their bytes. */
export interface LineQueue {
  readonly lines: number
  /** False, and the line is not taken, where it does not fit. */
  push(line: Buffer): boolean
  /** The oldest lines, together at most so many bytes, but one at least. They count until they are settled. */
  take(bytes: number): readonly Buffer[]
  /** Ends a `take`: the first bytes of it, whole lines, are written; the rest waits again. Returns the lines written. */
  settle(written: number): number
  clear(): void
}

export function lineQueue(capacity: number): LineQueue {
  let waiting: Buffer[] = []
  let bytes = 0
  let taken = 0
  return {
    get lines() {
      return waiting.length
    },
    push(line) {
      if (bytes + line.length > capacity) return false
      waiting.push(line)
      bytes += line.length
      return true
    },
    take(limit) {
      let sum = 0
      const end = waiting.findIndex((line) => (sum += line.length) > limit)
      taken = end === -1 ? waiting.length : Math.max(1, end)
      return waiting.slice(0, taken)
    },
    settle(written) {
      let count = 0
      let sum = 0
      while (count < taken && sum + (waiting[count]?.length ?? 0) <= written) sum += waiting[count++]?.length ?? 0
      waiting = waiting.slice(count)
      bytes -= sum
      taken = 0
      return count
    },
    clear() {
      waiting = []
      bytes = 0
    },
  }
}
