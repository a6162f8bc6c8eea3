/** Largest part header in bytes: commons-fileupload allows 512, browsers need about 300. */
const maximumBytes = 8 * 1024

const terminator = Buffer.from('\r\n\r\n')

export interface Taken {
  /** Bytes consumed from the chunk. */
  readonly length: number
  /** The whole block without its last CRLF CRLF once it is complete; the empty block where the part has no header. */
  readonly block: Buffer | null
  readonly overflow: boolean
}

/**
 * Collects the header block of a part, up to and including the empty line, across chunks.
 * A block within one chunk is a view; only a split one is copied, at most 8 KiB.
 */
export class HeaderBlock {
  #copy: Buffer | null = null
  #length = 0

  /** Bytes of an unfinished block that came with earlier chunks. */
  get pending(): number {
    return this.#length
  }

  take(chunk: Buffer, at: number): Taken {
    return this.#length === 0 ? this.#takeWhole(chunk, at) : this.#takeRest(chunk, at)
  }

  #takeWhole(chunk: Buffer, at: number): Taken {
    const empty = chunk[at] === 0x0d && chunk[at + 1] === 0x0a
    const end = empty ? at : chunk.indexOf(terminator, at)
    if (end < 0) return this.#keep(chunk, at, chunk.length)
    const consumed = end + (empty ? 2 : 4) - at
    if (consumed > maximumBytes) return { length: 0, block: null, overflow: true }
    return { length: consumed, block: chunk.subarray(at, end), overflow: false }
  }

  /** Byte by byte over at most three bytes of overlap would do; copying what is bounded anyway is simpler. */
  #takeRest(chunk: Buffer, at: number): Taken {
    const copy = this.#copy as Buffer
    const before = this.#length
    const room = Math.min(chunk.length - at, maximumBytes + terminator.length - before)
    chunk.copy(copy, before, at, at + room)
    const text = copy.subarray(0, before + room)
    const empty = text[0] === 0x0d && text[1] === 0x0a
    const end = empty ? 0 : text.indexOf(terminator, Math.max(0, before - 3))
    if (end < 0) {
      this.#length = before + room
      return { length: room, block: null, overflow: this.#length > maximumBytes }
    }
    const total = end + (empty ? 2 : 4)
    if (total > maximumBytes) return { length: 0, block: null, overflow: true }
    this.#length = 0
    return { length: total - before, block: text.subarray(0, end), overflow: false }
  }

  #keep(chunk: Buffer, at: number, end: number): Taken {
    if (end - at > maximumBytes) return { length: 0, block: null, overflow: true }
    this.#copy ??= Buffer.allocUnsafe(maximumBytes + terminator.length)
    chunk.copy(this.#copy, 0, at, end)
    this.#length = end - at
    return { length: end - at, block: null, overflow: false }
  }
}
