/**
 * The body of one attempt, between its source and undici. It knows whether the source itself failed, and `stop` ends
 * the reading for certain: when it resolves, nothing reads the source any more and its resources may be freed.
 */
export class BodyFeed implements AsyncIterable<Buffer>, AsyncIterator<Buffer> {
  /** What the source threw; not errors of the connection. */
  failure: unknown = null
  readonly #open: () => AsyncIterable<Buffer>
  #source: AsyncIterator<Buffer> | null = null
  #stopped: Promise<void> | null = null

  constructor(open: () => AsyncIterable<Buffer>) {
    this.#open = open
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Buffer>> {
    // Never `done`: an end that is no end would complete a truncated chunked body.
    if (this.#stopped) return Promise.reject(new Error('the body is not wanted any more'))
    this.#source ??= this.#open()[Symbol.asyncIterator]()
    return this.#source.next().catch((error: unknown) => {
      if (!this.#stopped) this.failure = error ?? new Error('the source of the body failed')
      throw error
    })
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end()
    return this.#stopped
  }

  async #end(): Promise<void> {
    try {
      await this.#source?.return?.()
    } catch (error) {
      this.failure ??= error
    }
  }
}
