import type { AnswerSink } from '../../src/upstream/answer-sink.ts'
import { openUpstream, type Upstream, type UpstreamConfig, type UpstreamEvents } from '../../src/upstream/upstream.ts'
import type { UpstreamRequest } from '../../src/upstream/upstream-request.ts'

export interface MemorySink extends AnswerSink {
  gone: boolean
  bytes: number
  complete: boolean
  text: string
  leave(): void
}

/** Collects an answer in memory. */
export function memorySink(): MemorySink {
  let closed: (() => void) | null = null
  return {
    gone: false,
    bytes: 0,
    complete: false,
    text: '',
    onClosed: (told) => {
      closed = told
    },
    inform: () => {},
    head(status, reason) {
      this.text += `${status} ${reason}: `
    },
    data(chunk) {
      this.bytes += chunk.length
      this.text += chunk.toString()
    },
    end() {
      this.complete = true
      queueMicrotask(() => closed?.())
    },
    cutOff: () => {},
    leave() {
      this.gone = true
      closed?.()
    },
  }
}

export function upstreamOf(
  urls: readonly string[],
  config: Partial<UpstreamConfig> = {},
  events?: UpstreamEvents,
): Upstream {
  return openUpstream({ name: 'u', urls, connect: 500, response: 2_000, retryFor: 0, ...config }, events)
}

export function upload(over: Partial<UpstreamRequest> = {}): UpstreamRequest {
  const headers = ['Host', 'a', 'Content-Length', '5']
  return { method: 'POST', path: '/', headers, body: Buffer.from('hello'), lane: 'upload', retryFor: 0, ...over }
}
