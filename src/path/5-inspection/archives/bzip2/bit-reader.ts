/** Reads bits from the highest of each byte on. */
export interface BitReader {
  /** The next `count` bits, at most 24, as a number. Throws past the end of the data. */
  bits(count: number): number
  /** The next 24 bits, with zeros past the end of the data, still to be read. */
  peek(): number
  /** Leaves out at most 24 bits. Throws past the end of the data. */
  skip(count: number): void
  /** Leaves out what is left of a byte that was begun. */
  align(): void
  /** Offset of the next byte, after `align`. */
  readonly offset: number
}

export function bitReader(data: Uint8Array, start: number): BitReader {
  let next = start
  let held = 0
  let count = 0
  const fill = () => {
    while (count < 24) {
      held = (held << 8) | (data[next] ?? 0)
      next += 1
      count += 8
    }
  }
  const peek = () => {
    if (count < 24) fill()
    return (held >>> (count - 24)) & 0xffffff
  }
  const skip = (wanted: number) => {
    count -= wanted
    if (next - (count >> 3) > data.length) throw new Error('truncated')
  }
  return {
    peek,
    skip,
    bits(wanted) {
      const value = peek() >>> (24 - wanted)
      skip(wanted)
      return value
    },
    align() {
      count -= count % 8
    },
    get offset() {
      return next - count / 8
    },
  }
}
