/** No file of use has more; the offsets of so many take 16 MiB. */
export const mostObjects = 1_000_000
const rank = 2 ** 21

/** Where the objects of a file are, each of their definitions, in twelve bytes for one. */
export class ObjectIndex {
  #numbers = new Float64Array(1024)
  #offsets = new Float64Array(1024)
  #length = 0
  #sorted: Float64Array | null = null

  get full(): boolean {
    return this.#length >= mostObjects
  }

  add(number: number, offset: number): void {
    if (this.full || number >= 2 ** 32) return
    if (this.#length === this.#numbers.length) {
      this.#numbers = doubled(this.#numbers)
      this.#offsets = doubled(this.#offsets)
    }
    this.#numbers[this.#length] = number
    this.#offsets[this.#length++] = offset
    this.#sorted = null
  }

  /** Offsets of what has this number, in the order of the file; at most `most`, the last ones. */
  find(number: number, most = 16): number[] {
    this.#sorted ??= this.#numbers
      .slice(0, this.#length)
      .map((key, index) => key * rank + index)
      .sort()
    const sorted = this.#sorted
    const found: number[] = []
    for (let at = lowerBound(sorted, (number + 1) * rank) - 1; at >= 0 && found.length < most; at--) {
      const key = sorted[at] as number
      if (key < number * rank) break
      found.unshift(this.#offsets[key - number * rank] as number)
    }
    return found
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2)
  larger.set(array)
  return larger
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
