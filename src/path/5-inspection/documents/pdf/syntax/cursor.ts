import type { Bytes } from '../../../bytes.ts'

const windowSize = 64 * 1024

/** Reads bytes one after the other through a window that moves along; counts what was read at all. */
export class Cursor {
  readonly #bytes: Bytes
  #window: Buffer = Buffer.alloc(0)
  #base = 0
  #at = 0
  #begun = 0
  #spent = 0

  constructor(bytes: Bytes) {
    this.#bytes = bytes
  }

  get offset(): number {
    return this.#base + this.#at
  }

  /** What reading took so far, in bytes: each as often as it was taken, and whatever was fetched for it. */
  get spent(): number {
    return this.#spent + this.offset - this.#begun
  }

  /** Goes to an offset; `window` are bytes that the caller has in hand, and `base` is where they begin. */
  seek(offset: number, window = this.#window, base = this.#base): void {
    this.#spent = this.spent
    const inside = offset >= base && offset <= base + window.length
    this.#window = inside ? window : Buffer.alloc(0)
    this.#base = inside ? base : offset
    this.#at = offset - this.#base
    this.#begun = offset
  }

  /** The next byte, or -1 at the end; stays where it is. */
  peek(): number {
    return this.#at < this.#window.length ? (this.#window[this.#at] as number) : this.#refill()
  }

  /** The next byte, or -1 at the end. */
  take(): number {
    if (this.#at >= this.#window.length && this.#refill() < 0) return -1
    return this.#window[this.#at++] as number
  }

  #refill(): number {
    const { offset } = this
    if (offset >= this.#bytes.size) return -1
    this.#window = this.#bytes.read(offset, offset + windowSize)
    this.#spent += this.#window.length
    this.#base = offset
    this.#at = 0
    return this.#window[0] ?? -1
  }
}
