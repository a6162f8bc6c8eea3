import type { AnswerSink } from './answer-sink.ts'
import type { Upstream } from './upstream.ts'
import type { UpstreamRequest } from './upstream-request.ts'

/** The pause between two attempts. Resolves to true early when a backend is back, and to false at once when the client goes or the signal is aborted. */
export function waited(
  milliseconds: number,
  upstream: Upstream,
  { signal }: UpstreamRequest,
  sink: AnswerSink,
): Promise<boolean> {
  if (sink.gone || signal?.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const finish = (elapsed: boolean): void => {
      clearTimeout(timer)
      unlisten()
      sink.onClosed(null)
      signal?.removeEventListener('abort', stop)
      resolve(elapsed)
    }
    const stop = (): void => finish(false)
    const timer = setTimeout(finish, milliseconds, true)
    const unlisten = upstream.onReturn(() => finish(true))
    sink.onClosed(stop)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
