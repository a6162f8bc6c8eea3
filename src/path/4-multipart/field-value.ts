/**
 * The value of a field as it grows. Copied, since a view of what was read keeps all of it in memory, and one for each of
 * many small pieces costs many times their bytes.
 */
export class FieldValue {
  #bytes = Buffer.alloc(0)
  #length = 0

  append(piece: Buffer): void {
    const length = this.#length + piece.length
    if (length > this.#bytes.length) this.#grow(this.#length === 0 ? length : Math.max(length, 2 * this.#length))
    piece.copy(this.#bytes, this.#length)
    this.#length = length
  }

  /** The value so far; the next one begins empty. */
  take(): Buffer {
    const value = this.#bytes.subarray(0, this.#length)
    this.#bytes = Buffer.alloc(0)
    this.#length = 0
    return value
  }

  #grow(capacity: number): void {
    const bytes = Buffer.allocUnsafe(capacity)
    this.#bytes.copy(bytes, 0, 0, this.#length)
    this.#bytes = bytes
  }
}
