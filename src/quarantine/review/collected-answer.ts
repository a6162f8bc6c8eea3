import type { AnswerSink, Flow, RawHeaders } from '../../upstream/answer-sink.ts'
import type { BackendAnswer } from './outcome.ts'

/** Bytes; a person reads a message, not a page. */
const longestBody = 4096
const longestLocation = 2048

/** Keeps of a backend's answer what a person needs. The rest is read and thrown away, so that its end is seen. */
export class CollectedAnswer implements AnswerSink {
  readonly gone = false
  bytes = 0
  complete = false
  #closed: (() => void) | null = null
  #status: number | null = null
  #location: string | null = null
  #isText = false
  readonly #body: Buffer[] = []
  #kept = 0

  onClosed(closed: (() => void) | null): void {
    this.#closed = closed
  }

  inform(): void {}

  head(status: number, _reason: string, rawHeaders: RawHeaders, _flow: Flow): void {
    this.#status = status
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const name = String(rawHeaders[index]).toLowerCase()
      const value = String(rawHeaders[index + 1])
      if (name === 'location') this.#location = value.slice(0, longestLocation)
      if (name === 'content-type') this.#isText = /^(?:text\/|application\/(?:[\w.-]+\+)?json\b)/i.test(value)
    }
  }

  data(chunk: Buffer): void {
    this.bytes += chunk.length
    if (!this.#isText || this.#kept >= longestBody) return
    const piece = Buffer.from(chunk.subarray(0, longestBody - this.#kept))
    this.#kept += piece.length
    this.#body.push(piece)
  }

  end(): void {
    this.complete = true
    this.#closed?.()
  }

  cutOff(): void {}

  /** Null where not even a status came. */
  get answer(): BackendAnswer | null {
    if (this.#status === null) return null
    return { status: this.#status, location: this.#location, text: Buffer.concat(this.#body).toString('utf8') }
  }
}
