import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PaceWatch } from '../path/types.ts'
import type { Turns } from '../turns.ts'

/** How long a client may go on with a body that nobody wants; then its connection is cut. */
const longestDiscard = 30_000

/** Answers `Expect: 100-continue`, and begins to watch the pace, when the first byte is asked for. */
export interface BodyStart {
  readonly response: ServerResponse
  readonly expectsContinue: boolean
  startWatch(): PaceWatch | null
  readonly turns: Turns | null
}

/**
 * The body of a client's request, chunk by chunk as a backend takes it. Unlike the message's own iterator it leaves
 * the connection alone when the reader stops early, so that an answer can still be written on it; what comes after is
 * read and thrown away, so that the client gets to read that answer. Trailers are dropped.
 */
export class MessageBody implements AsyncIterable<Buffer>, AsyncIterator<Buffer> {
  readonly #message: IncomingMessage
  readonly #start: BodyStart
  #watch: PaceWatch | null = null
  #waiting: PromiseWithResolvers<IteratorResult<Buffer>> | null = null
  #begun = false
  #over = false
  #untaken: NodeJS.Immediate | null = null
  #paused = false
  /** Bytes that were read since the last turn. */
  #read = 0

  constructor(message: IncomingMessage, start: BodyStart) {
    this.#message = message
    this.#start = start
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Buffer>> {
    const turn = this.#read === 0 ? null : (this.#start.turns?.take(this.#read) ?? null)
    this.#read = 0
    return turn === null ? this.#next() : turn.then(() => this.#next())
  }

  #next(): Promise<IteratorResult<Buffer>> {
    if (this.#over) return Promise.reject(new Error('the body is not wanted any more'))
    this.#taken()
    if (!this.#begun) this.#begin()
    const ready = this.#take()
    if (ready) return Promise.resolve(ready)
    if (this.#message.destroyed) return Promise.reject(new Error('the client left'))
    this.#waiting = Promise.withResolvers()
    return this.#waiting.promise
  }

  return(): Promise<IteratorResult<Buffer>> {
    if (!this.#over) {
      this.#finish()
      this.#waiting?.reject(new Error('the body is not wanted any more'))
      this.#waiting = null
      if (!this.#message.readableEnded && !this.#message.socket.destroyed) this.#discard()
    }
    return Promise.resolve({ done: true, value: undefined })
  }

  #begin(): void {
    this.#begun = true
    if (this.#start.expectsContinue) this.#start.response.writeContinue()
    this.#watch = this.#start.startWatch()
    this.#message.on('readable', this.#advance).on('end', this.#advance).on('close', this.#advance)
  }

  readonly #advance = (): void => {
    const waiting = this.#waiting
    if (!waiting) return
    const ready = this.#take()
    if (ready) waiting.resolve(ready)
    else if (this.#message.destroyed) waiting.reject(new Error('the client left'))
    else return
    this.#waiting = null
  }

  #take(): IteratorResult<Buffer> | null {
    const chunk: unknown = this.#message.read()
    if (Buffer.isBuffer(chunk)) {
      this.#read = chunk.length
      this.#watch?.progress(chunk.length)
      if (this.#watch) this.#untaken = setImmediate(this.#pause)
      return { done: false, value: chunk }
    }
    if (!this.#message.readableEnded) return null
    this.#finish()
    return { done: true, value: undefined }
  }

  /** While the backend takes nothing, the client is not to blame for its silence. */
  readonly #pause = (): void => {
    this.#untaken = null
    this.#paused = true
    this.#watch?.pause()
  }

  #taken(): void {
    if (this.#untaken) clearImmediate(this.#untaken)
    this.#untaken = null
    if (this.#paused) this.#watch?.resume()
    this.#paused = false
  }

  #finish(): void {
    this.#over = true
    this.#taken()
    this.#watch?.stop()
    this.#message.off('readable', this.#advance).off('end', this.#advance).off('close', this.#advance)
  }

  #discard(): void {
    const { socket } = this.#message
    const stop = (): void => {
      clearTimeout(timer)
      socket.off('close', stop)
    }
    const timer = setTimeout(() => socket.destroy(), longestDiscard)
    // Once its answer is out, a message is not told of the end of its connection.
    socket.once('close', stop)
    this.#message.once('end', stop).resume()
  }
}
