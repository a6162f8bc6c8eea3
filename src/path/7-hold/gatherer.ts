/**
 * Pieces from this size on are kept as they came. Slow clients send small ones: each would keep the buffer that it was
 * read into, and ask for a write of its own.
 */
const blockSize = 16 * 1024

/** Joins small pieces to blocks; large ones pass. The order stays. */
export class Gatherer {
  readonly #store: (block: Buffer) => void
  #block: Buffer | null = null
  #end = 0

  constructor(store: (block: Buffer) => void) {
    this.#store = store
  }

  add(piece: Buffer): void {
    if (piece.length >= blockSize) {
      this.finish()
      return this.#store(piece)
    }
    this.#block ??= Buffer.allocUnsafeSlow(blockSize)
    const copied = piece.copy(this.#block, this.#end)
    this.#end += copied
    if (this.#end < blockSize) return
    this.finish()
    if (copied < piece.length) this.add(piece.subarray(copied))
  }

  /** Hands over what was gathered so far. */
  finish(): void {
    const block = this.#block
    if (block === null) return
    const end = this.#end
    this.#block = null
    this.#end = 0
    this.#store(block.subarray(0, end))
  }
}
