import { performance } from 'node:perf_hooks'

/** Bytes of uploads that one turn of the event loop works on: with these, a turn takes some milliseconds. */
const most = 256 * 1024
/** What is left where that is too much: one piece, as Node reads them. */
const least = 64 * 1024
/** How fast it recovers, a turn. */
const step = 8 * 1024
/** The longest that no upload is worked on because the event loop is late, in milliseconds. */
const longestRest = 100

/**
 * Lets uploads work on the event loop by turns. Left alone, each socket that is readable is read to its end, up to some
 * MiB, before anything else is looked at, and a few uploads at full speed make every other request wait for seconds.
 *
 * All of them together get so many bytes in one turn of the loop, first come first served, a piece each; whoever wants
 * more than is left waits for a later turn. Where turns take longer than `lag` milliseconds all the same, they get less,
 * and in the end a rest after each.
 */
export class Turns {
  #lag: number
  readonly #waiting: { readonly bytes: number; readonly begin: () => void }[] = []
  #budget = most
  #spent = 0
  #begun = 0
  #next: NodeJS.Immediate | NodeJS.Timeout | null = null

  constructor(lag: number) {
    this.#lag = lag
  }

  resize(lag: number): void {
    this.#lag = lag
  }

  /** How many wait for a turn. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Bytes for one turn, as things are. */
  get budget(): number {
    return this.#budget
  }

  /** Null where the work on so many bytes may begin at once; else resolves when it may. Never rejects. */
  take(bytes: number): Promise<void> | null {
    if (this.#next === null) {
      this.#begun = performance.now()
      this.#next = setImmediate(this.#turn)
    }
    if (this.#waiting.length === 0 && this.#spent < this.#budget) {
      this.#spent += bytes
      return null
    }
    return new Promise((begin) => this.#waiting.push({ bytes, begin }))
  }

  readonly #turn = (): void => {
    const now = performance.now()
    const late = now - this.#begun > this.#lag
    this.#adapt(late)
    this.#begun = now
    this.#spent = 0
    let begun = 0
    for (const { bytes, begin } of this.#waiting) {
      if (this.#spent >= this.#budget) break
      this.#spent += bytes
      begun++
      begin()
    }
    this.#waiting.splice(0, begun)
    this.#next = begun === 0 ? null : this.#after(late)
  }

  #adapt(late: boolean): void {
    this.#budget = late ? Math.max(least, this.#budget / 2) : Math.min(most, this.#budget + step)
  }

  #after(late: boolean): NodeJS.Immediate | NodeJS.Timeout {
    const exhausted = late && this.#budget === least
    return exhausted ? setTimeout(this.#turn, Math.min(this.#lag, longestRest)) : setImmediate(this.#turn)
  }
}
