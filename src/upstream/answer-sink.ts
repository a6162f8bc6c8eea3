/** How a sink slows an answer down. */
export interface Flow {
  pause(): void
  resume(): void
}

/**
 * Where the answer of a backend goes. Header fields come as undici and Node have them: name and value by turns.
 * The order of calls is `inform`*, then `head`, `data`*, and `end` or `cutOff`; nothing after that.
 */
export interface AnswerSink {
  /** True once the client cannot be reached any more. */
  readonly gone: boolean
  /** Bytes of the body that were taken so far. */
  readonly bytes: number
  /** Sets who is told, once, when the client has gone or the whole answer has been handed to the operating system. */
  onClosed(closed: (() => void) | null): void
  /** An interim answer (1xx other than 100 and 101). */
  inform(status: number, rawHeaders: RawHeaders): void
  /** May throw where the head cannot be written on; then nothing was sent. */
  head(status: number, reason: string, rawHeaders: RawHeaders, flow: Flow): void
  data(chunk: Buffer): void
  end(): void
  /** The answer is incomplete: the client must be able to tell. */
  cutOff(): void
  /** Whether all of an ended answer was written out. */
  readonly complete: boolean
}

export type RawHeaders = readonly (Buffer | string)[]
