import type { HeldContent as Content } from '../types.ts'

/** All the content of one upload. */
interface Whole {
  readonly place: 'memory' | 'spool'
  read(start: number, end: number): Promise<Buffer>
  views(start: number, end: number): Iterable<Buffer>
  pieces(start: number, end: number): AsyncIterable<Buffer>
  turn(bytes: number): Promise<void> | null
}

/** A range of a holding: one file of the upload. */
export class HeldContent implements Content {
  readonly #holding: Whole
  readonly #start: number
  readonly #end: number

  constructor(holding: Whole, start: number, end: number) {
    this.#holding = holding
    this.#start = start
    this.#end = end
  }

  get size(): number {
    return this.#end - this.#start
  }

  read(start: number, end: number): Promise<Buffer> {
    return this.#holding.read(this.#start + start, Math.min(this.#start + end, this.#end))
  }

  slice(start: number, end: number): HeldContent {
    return new HeldContent(this.#holding, this.#start + start, Math.min(this.#start + end, this.#end))
  }

  /** The bytes in memory without a copy; null where they are in the spool. */
  views(): Iterable<Buffer> | null {
    return this.#holding.place === 'memory' ? this.#holding.views(this.#start, this.#end) : null
  }

  /** All bytes in order, as they came from memory, or in pieces from the spool. */
  async *chunks(): AsyncGenerator<Buffer> {
    const pieces = this.views() ?? this.#holding.pieces(this.#start, this.#end)
    for await (const piece of pieces) {
      const turn = this.#holding.turn(piece.length)
      if (turn !== null) await turn
      yield piece
    }
  }
}
