import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { answerHeaders } from './answer-headers.ts'
import type { AnswerSink, Flow, RawHeaders } from './answer-sink.ts'

/**
 * Relays a backend's answer to the client: status, reason and fields as they came, nothing added but the framing and
 * `extra` (name and value by turns), asked for when the head is written. Until `head` the response is untouched, so that a problem can be answered on it.
 */
export function relayResponse(response: ServerResponse, extra: () => readonly string[] = none): AnswerSink {
  return new ResponseRelay(response, extra)
}

/** How long a client may take nothing of what was written; about 1 KiB/s at the size of Node's buffers. */
const longestStall = 120_000

/** Interim answers to one request that are passed on; nobody sends more than one or two. */
const mostHints = 16

class ResponseRelay implements AnswerSink {
  bytes = 0
  readonly #response: ServerResponse
  readonly #extra: () => readonly string[]
  #flow: Flow | null = null
  #closed: (() => void) | null = null
  #hasLength = false
  #quiet = true
  #hints = 0
  #stall: NodeJS.Timeout | null = null

  constructor(response: ServerResponse, extra: () => readonly string[]) {
    this.#response = response
    this.#extra = extra
  }

  get gone(): boolean {
    return this.#response.destroyed
  }

  get complete(): boolean {
    return this.#response.writableFinished
  }

  /** `close` follows both the end of the connection and the end of a response that was written out. */
  onClosed(closed: (() => void) | null): void {
    if (closed === null) this.#moving()
    if (this.#closed) this.#response.removeListener('close', this.#closed)
    this.#closed = closed
    if (closed) this.#response.once('close', closed)
  }

  inform(status: number, rawHeaders: RawHeaders): void {
    const response = this.#response
    // RFC 9110 15.2: a 1.0 client knows no interim answers. Early hints only: 100 is ours to give, 102 is obsolete.
    if (status !== 103 || response.req.httpVersionMinor === 0 || response.headersSent) return
    // They cannot be slowed down for a client that takes none.
    if (++this.#hints > mostHints) return
    response.writeInformation(status, answerHeaders(status, rawHeaders).fields)
  }

  head(status: number, reason: string, rawHeaders: RawHeaders, flow: Flow): void {
    const response = this.#response
    const { fields, length } = answerHeaders(status, rawHeaders)
    for (const text of this.#extra()) fields.push(text)
    response.sendDate = false
    response.writeHead(status, reason, fields)
    this.#hasLength = length
    this.#flow = flow
    process.nextTick(flushQuiet, this)
  }

  data(chunk: Buffer): void {
    this.#quiet = false
    // Between a destroyed connection and its `close`, a write would raise an error that nobody hears.
    if (this.#response.destroyed) return
    this.bytes += chunk.length
    if (this.#response.write(chunk)) return
    this.#flow?.pause()
    // undici hands on what it has already read when the backend closes, paused or not.
    if (this.#stall) return
    this.#stalled()
    this.#response.once('drain', () => {
      this.#moving()
      this.#flow?.resume()
    })
  }

  end(): void {
    this.#quiet = false
    if (this.#response.destroyed) return
    this.#stalled()
    this.#response.end()
  }

  #stalled(): void {
    this.#stall ??= setTimeout(() => this.#reset(), longestStall)
  }

  #moving(): void {
    if (this.#stall) clearTimeout(this.#stall)
    this.#stall = null
  }

  cutOff(): void {
    // Where only the end of the connection ends the body, an orderly close would look like its end.
    const endsWithConnection = !this.#hasLength && !this.#response.chunkedEncoding
    if (endsWithConnection) this.#reset()
    else this.#response.destroy()
  }

  /** In an orderly close, the kernel keeps what a client that takes nothing has not taken, for minutes more. */
  #reset(): void {
    const { socket } = this.#response
    if (socket instanceof Socket && !('encrypted' in socket)) socket.resetAndDestroy()
    else this.#response.destroy()
  }

  /** The head of an event stream may be all there is for a long time. */
  flushQuiet(): void {
    if (this.#quiet && !this.#response.destroyed) this.#response.flushHeaders()
  }
}

function none(): readonly string[] {
  return []
}

function flushQuiet(relay: ResponseRelay): void {
  relay.flushQuiet()
}
