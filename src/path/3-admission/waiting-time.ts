/** Weight of the newest upload in the mean. */
const newest = 0.1
/** Seconds; an estimate beyond these is none. */
const bounds = { least: 1, most: 60 }

/** Tells refused uploads when to come again, from how long uploads lately kept their slots. */
export class WaitingTime {
  #slots: number
  #mean = 1000

  constructor(slots: number) {
    this.#slots = slots
  }

  resize(slots: number): void {
    this.#slots = slots
  }

  /** An upload has given its slot back after so many milliseconds. */
  learn(kept: number): void {
    this.#mean += newest * (kept - this.#mean)
  }

  /** Seconds until one who came behind so many others would have had a slot. */
  estimate(waiting: number): number {
    const seconds = ((waiting + 1) * this.#mean) / this.#slots / 1000
    return Math.min(bounds.most, Math.max(bounds.least, Math.ceil(seconds)))
  }
}
