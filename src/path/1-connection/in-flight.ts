import { setTimeout as delay } from 'node:timers/promises'

/** The exchanges that are not yet recorded. */
export class InFlight {
  readonly #exchanges = new Set<Promise<void>>()

  get size(): number {
    return this.#exchanges.size
  }

  /** `exchange` never rejects. */
  async track(exchange: Promise<void>): Promise<void> {
    this.#exchanges.add(exchange)
    await exchange
    this.#exchanges.delete(exchange)
  }

  /** Resolves when none is left; for those that may still begin, the one after it is asked again. */
  async ended(): Promise<void> {
    while (this.size > 0) await Promise.all(this.#exchanges)
  }

  /** Resolves when all have ended, or after `deadline` milliseconds. */
  async settled(deadline: number): Promise<void> {
    const late = new AbortController()
    const all = Promise.all(this.#exchanges).finally(() => late.abort())
    await Promise.race([all, delay(deadline, undefined, { signal: late.signal }).catch(() => undefined)])
  }
}
