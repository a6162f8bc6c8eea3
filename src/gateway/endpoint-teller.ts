import { performance } from 'node:perf_hooks'

/** What is known of one endpoint. */
export interface EndpointNews {
  readonly upstream: string
  readonly endpoint: string
  readonly up: boolean
  /** A clause for operators. */
  readonly reason: string
}

/** Tells of an endpoint that goes and that it is back, each once. */
export interface EndpointTeller {
  tell(news: EndpointNews): void
  close(): void
}

/** Milliseconds from one line about an endpoint to the next: one that flaps with each request does not fill the log. */
const calm = 1_000

interface Told {
  up: boolean
  at: number
  latest: EndpointNews | null
  timer: NodeJS.Timeout | null
}

/** What changes and changes back within a second of the last line is not told. */
export function createEndpointTeller(say: (news: EndpointNews) => void): EndpointTeller {
  const endpoints = new Map<string, Told>()

  function settle(told: Told, news: EndpointNews): void {
    told.latest = null
    if (news.up === told.up) return
    told.up = news.up
    told.at = performance.now()
    say(news)
  }

  return {
    tell(news) {
      const key = `${news.upstream} ${news.endpoint}`
      const told = endpoints.get(key) ?? { up: true, at: Number.NEGATIVE_INFINITY, latest: null, timer: null }
      endpoints.set(key, told)
      const wait = told.at + calm - performance.now()
      if (wait <= 0) return settle(told, news)
      told.latest = news
      told.timer ??= setTimeout(() => {
        told.timer = null
        if (told.latest !== null) settle(told, told.latest)
      }, wait).unref()
    },
    close() {
      for (const { timer } of endpoints.values()) clearTimeout(timer ?? undefined)
    },
  }
}
