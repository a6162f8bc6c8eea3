/** Bytes of one resource of the whole process: what is reserved never exceeds the limit, except by `force`. */
export class Budget {
  #limit: number
  #used = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get limit(): number {
    return this.#limit
  }

  /** What is reserved beyond a smaller limit stays; nothing more is until there is room again. */
  resize(limit: number): void {
    this.#limit = limit
  }

  get used(): number {
    return this.#used
  }

  /** Takes all of `bytes` or nothing, and leaves the rest beyond `share` of the limit to others. */
  reserve(bytes: number, share = 1): boolean {
    if (this.#used + bytes > this.#limit * share) return false
    this.#used += bytes
    return true
  }

  /** Counts bytes that exist already and are bounded elsewhere (spool buffers on their way to the disk). */
  force(bytes: number): void {
    this.#used += bytes
  }

  release(bytes: number): void {
    this.#used -= bytes
  }
}
