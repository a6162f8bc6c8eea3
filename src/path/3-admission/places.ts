/** So many at a time, and nobody waits. */
export class Places {
  #limit: number
  #used = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Those that are taken beyond a smaller limit stay so. */
  resize(limit: number): void {
    this.#limit = limit
  }

  get used(): number {
    return this.#used
  }

  get full(): boolean {
    return this.#used >= this.#limit
  }

  take(): void {
    this.#used++
  }

  free(): void {
    this.#used--
  }
}
