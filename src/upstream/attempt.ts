import { performance } from 'node:perf_hooks'
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { AnswerSink } from './answer-sink.ts'
import { BodyFeed } from './body-feed.ts'
import type { Endpoint } from './endpoint.ts'
import { busy, type Failure, failureOf } from './failure.ts'
import type { UpstreamConfig } from './upstream.ts'
import type { UpstreamRequest } from './upstream-request.ts'

/** What became of one attempt. `status` is null, and the response untouched, where no head was sent to the client. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly answeredAt: number }
  | {
      readonly kind: 'broken'
      readonly by: 'client' | 'upstream'
      readonly status: number | null
      readonly failure: Failure
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The answer was thrown away unread, as `onHead` wanted it. */
  | { readonly kind: 'declined'; readonly status: number }

/** Asked when the head of the answer has come: whether it is passed on. */
export type OnHead = (status: number) => 'pass' | 'decline'

/** Sends the request once. Rejects only with an error of the body's source. */
export function attempt(
  endpoint: Endpoint,
  config: UpstreamConfig,
  request: UpstreamRequest,
  sink: AnswerSink,
  onHead: OnHead,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    new Attempt({ endpoint, request, sink, onHead }, resolve, reject).dispatch(config.connect + config.response)
  })
}

interface AttemptedRequest {
  readonly endpoint: Endpoint
  readonly request: UpstreamRequest
  readonly sink: AnswerSink
  readonly onHead: OnHead
}

/** A handler of undici's, and with it the state of one request to a backend. */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #endpoint: Endpoint
  readonly #request: UpstreamRequest
  readonly #sink: AnswerSink
  readonly #onHead: OnHead
  readonly #resolve: (outcome: Outcome) => void
  readonly #reject: (reason: unknown) => void
  readonly #feed: BodyFeed | null
  #controller: Dispatcher.DispatchController | null = null
  #waiting: NodeJS.Timeout | null = null
  #status: number | null = null
  #answeredAt = 0
  #over = false

  constructor(
    { endpoint, request, sink, onHead }: AttemptedRequest,
    resolve: (outcome: Outcome) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#endpoint = endpoint
    this.#request = request
    this.#sink = sink
    this.#onHead = onHead
    this.#resolve = resolve
    this.#reject = reject
    this.#feed = typeof request.body === 'function' ? new BodyFeed(request.body) : null
  }

  /** `patience`: milliseconds to wait for a connection; undici's own timeouts begin when it has one. */
  dispatch(patience: number): void {
    const { method, path, body, lane, signal } = this.#request
    const headers = headersFor(this.#request, this.#endpoint.url)
    this.#sink.onClosed(this.#onClosed)
    signal?.addEventListener('abort', this.#onAborted, { once: true })
    // undici takes any async iterable for a body; its types do not say so.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const content = (this.#feed ?? body) as unknown as Readable | Buffer | null
    const options = { method, path, headers, body: content, servername: this.#endpoint.url.hostname }
    this.#endpoint.pools[lane].dispatch(options, this)
    if (this.#controller || this.#over) return
    this.#waiting = setTimeout(() => this.#settle({ kind: 'failed', failure: busy }), patience)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Takes a request that nobody waits for out of the pool's queue; an abort would cost the connection too.
    if (this.#over) throw new Error('given up before a connection was free')
    if (this.#waiting) clearTimeout(this.#waiting)
    this.#controller = controller
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    reason: string | undefined,
  ): void {
    const rawHeaders = Array.isArray(controller.rawHeaders) ? controller.rawHeaders : []
    if (status < 200) return this.#sink.inform(status, rawHeaders)
    if (this.#onHead(status) === 'decline') return this.#settle({ kind: 'declined', status })
    this.#answeredAt = performance.now()
    this.#sink.head(status, asBytes(reason ?? ''), rawHeaders, controller)
    this.#status = status
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (!this.#over) this.#sink.data(chunk)
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#sink.end()
    // An early answer: the rest of the body is not wanted.
    void this.#feed?.stop()
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#over) return
    const failure = failureOf(error, this.#controller !== null)
    if (this.#status === null) return this.#settle({ kind: 'failed', failure })
    this.#settle({ kind: 'broken', by: 'upstream', status: this.#status, failure })
    this.#sink.cutOff()
  }

  /** The client has gone, or the answer has been written out. */
  readonly #onClosed = (): void => {
    if (this.#status !== null && this.#sink.complete) {
      this.#settle({ kind: 'answered', status: this.#status, answeredAt: this.#answeredAt })
    } else this.#breakOff()
  }

  readonly #onAborted = (): void => {
    const headSent = this.#status !== null
    this.#breakOff()
    if (headSent) this.#sink.cutOff()
  }

  #breakOff(): void {
    const failure = failureOf(null, this.#controller !== null)
    this.#settle({ kind: 'broken', by: 'client', status: this.#status, failure })
  }

  #settle(outcome: Outcome): void {
    if (this.#over) return
    this.#over = true
    if (this.#waiting) clearTimeout(this.#waiting)
    this.#sink.onClosed(null)
    this.#request.signal?.removeEventListener('abort', this.#onAborted)
    if (outcome.kind === 'broken' || outcome.kind === 'declined') this.#controller?.abort(new Error('broken off'))
    if (this.#feed) void this.#settleAfter(this.#feed, outcome)
    else this.#resolve(outcome)
  }

  async #settleAfter(feed: BodyFeed, outcome: Outcome): Promise<void> {
    await feed.stop()
    if (feed.failure === null || outcome.kind === 'answered') this.#resolve(outcome)
    else this.#reject(feed.failure)
  }
}

function headersFor({ headers }: UpstreamRequest, backend: URL): string[] {
  return typeof headers === 'function' ? headers(backend) : headers
}

/** undici reads the reason as UTF-8, Node writes latin1: so the bytes stay what they were. */
function asBytes(reason: string): string {
  return /^[\t\x20-\x7e]*$/.test(reason) ? reason : Buffer.from(reason, 'utf8').toString('latin1')
}
