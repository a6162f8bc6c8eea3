/** So many at a time, and nobody waits. */
export class Places {
  readonly limit: number
  #used = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get used(): number {
    return this.#used
  }

  get full(): boolean {
    return this.#used >= this.limit
  }

  take(): void {
    this.#used++
  }

  free(): void {
    this.#used--
  }
}
