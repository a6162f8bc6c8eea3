import type { Lane } from './pool.ts'

/** A request as a backend is to get it. */
export interface UpstreamRequest {
  readonly method: string
  /** Request target in origin-form. */
  readonly path: string
  /**
   * Name and value by turns; Host and, where there is a body of known length, Content-Length among them. A function is
   * called for each attempt, with the URL of the backend: a signature would grow old while backends are tried again.
   */
  readonly headers: string[] | ((backend: URL) => string[])
  /** A function is called when a backend is ready to take the body, once for each attempt. */
  readonly body: Buffer | (() => AsyncIterable<Buffer>) | null
  readonly lane: Lane
  /** Milliseconds for which unreachable backends are tried again; with 0, each of them is tried once. */
  readonly retryFor: number
  /** The service acts once, however often it gets the request: then it is also sent again where it may have been acted on. */
  readonly repeatable?: boolean
  readonly signal?: AbortSignal
}
