/** Bytes. The gateway writes no longer line; what has no end by then is no audit, and must not fill the memory. */
export const longestLine = 2 * 1024 * 1024

const lineEnd = 0x0a

/** Cuts bytes into lines. What is left over of a piece waits for the next one. */
export class LineSplitter {
  readonly #onLine: (line: Buffer | null) => void
  #rest: Buffer[] = []
  #length = 0

  /** `onLine` gets null for a line that is too long. */
  constructor(onLine: (line: Buffer | null) => void) {
    this.#onLine = onLine
  }

  write(piece: Buffer): void {
    let start = 0
    for (let end = piece.indexOf(lineEnd); end !== -1; end = piece.indexOf(lineEnd, start)) {
      this.#tell(piece.subarray(start, end))
      start = end + 1
    }
    this.#keep(piece.subarray(start))
  }

  /** The last line, where nothing ends it. */
  end(): void {
    if (this.#length > 0) this.#tell(Buffer.alloc(0))
  }

  #keep(rest: Buffer): void {
    this.#length += rest.length
    if (this.#length > longestLine) this.#rest = []
    else if (rest.length > 0) this.#rest.push(Buffer.from(rest))
  }

  #tell(last: Buffer): void {
    const length = this.#length + last.length
    const line = this.#length === 0 ? last : Buffer.concat([...this.#rest, last])
    this.#rest = []
    this.#length = 0
    if (length > longestLine) this.#onLine(null)
    else if (length > 0) this.#onLine(line)
  }
}
