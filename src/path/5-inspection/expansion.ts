import type { ArchiveFacts } from '../types.ts'

/** How far unpacking may go; the first value past one of them is recorded, then unpacking ends. */
export interface ExpansionBounds {
  /** Members in all, at every depth. */
  readonly entries: number
  readonly depth: number
  /** Bytes unpacked in all, at every depth. */
  readonly expanded: number
  /** Unpacked bytes for each packed byte, of any member and of the whole. */
  readonly ratio: number
  /** Unpacked bytes in memory at a time. */
  readonly memory: number
}

/** A bound was passed; nothing that is still packed is looked into. */
export type Passed = 'entries' | 'depth' | 'expanded' | 'ratio' | 'memory'

/** Smaller members may be packed by any ratio: empty drawings of 1.5 MiB in real documents are. A bomb is large. */
const ratioFrom = 16 * 1024 * 1024

/**
 * The account of what one file unpacks to, shared by all of its members at every depth. A quine or a bomb meets its
 * bounds here, whatever its headers declare.
 */
export class Expansion {
  readonly #bounds: ExpansionBounds
  #entries = 0
  #depth = 0
  #expanded = 0
  #packed = 0
  #ratio = 0
  #live = 0
  #passed: Passed | null = null

  constructor(bounds: ExpansionBounds) {
    this.#bounds = bounds
  }

  get passed(): Passed | null {
    return this.#passed
  }

  get facts(): ArchiveFacts {
    return {
      entries: this.#entries,
      depth: this.#depth,
      expanded: this.#expanded,
      ratio: Math.round(this.#ratio * 10) / 10,
    }
  }

  /** Counts a member at this depth (1 for members of the file itself). False where a bound is passed. */
  entry(depth: number): boolean {
    this.#entries += 1
    this.#depth = Math.max(this.#depth, depth)
    if (this.#entries > this.#bounds.entries) return this.#pass('entries')
    if (depth > this.#bounds.depth) return this.#pass('depth')
    return this.#passed === null
  }

  /** The most bytes that the next decompression may give; whoever gets more calls `overflow`. */
  get room(): number {
    if (this.#passed !== null) return 0
    return Math.max(0, Math.min(this.#bounds.expanded - this.#expanded, this.#bounds.memory - this.#live))
  }

  /** The most that so many packed bytes may give by the ratio: nothing past it needs to be unpacked. */
  mostOf(packed: number): number {
    return Math.max(ratioFrom, Math.floor(packed * this.#bounds.ratio))
  }

  /** Records what was unpacked from how many bytes. False where a bound is passed. Stored members count as well. */
  unpacked(packed: number, bytes: number): boolean {
    this.#expanded += bytes
    this.#packed += packed
    if (bytes >= ratioFrom) this.#ratio = Math.max(this.#ratio, bytes / Math.max(packed, 1))
    if (this.#expanded >= ratioFrom) this.#ratio = Math.max(this.#ratio, this.#expanded / Math.max(this.#packed, 1))
    if (this.#expanded > this.#bounds.expanded) return this.#pass('expanded')
    if (this.#ratio > this.#bounds.ratio) return this.#pass('ratio')
    return this.#passed === null
  }

  /** Records that a decompression was cut off at `room`, of which `packed` bytes had been given to it. */
  overflow(packed: number): false {
    const short = this.#bounds.memory - this.#live < this.#bounds.expanded - this.#expanded
    this.unpacked(packed, this.room + 1)
    return short ? this.#pass('memory') : this.#pass('expanded')
  }

  /** Keeps account of unpacked bytes while they are in memory, for as long as `work` takes. */
  async holding<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    this.#live += bytes
    try {
      return await work()
    } finally {
      this.#live -= bytes
    }
  }

  #pass(bound: Passed): false {
    this.#passed ??= bound
    return false
  }
}
