import { performance } from 'node:perf_hooks'
import type { Pool } from 'undici'
import type { Failure } from './failure.ts'
import type { FailureKind } from './failure-kind.ts'
import { type Lane, openPool, type PoolDeadlines } from './pool.ts'
import { type Fact, isUp, learn, rank, type Standing, type StandingSettings, unknown } from './standing.ts'

/** What became of a request at a backend, as far as it says something of the backend. Null: the client left, or we did. */
export type Ending = { readonly status: number } | { readonly failure: Failure } | null

/** One request at one backend. */
export interface Visit {
  /** The backend has begun to answer. */
  head(status: number): void
  /** To be called once, on every path. */
  end(ending: Ending): void
}

export interface EndpointEvents {
  /** It goes, or is back. `reason`: a clause for operators. */
  changed(endpoint: Endpoint, up: boolean, reason: string): void
  /** It is ejected, for the first time in a row or again. */
  ejected(endpoint: Endpoint): void
}

/** These mean, whichever application stands behind, that it could not be asked (RFC 9110, sections 15.6.3 to 15.6.5). */
export function isUnavailable(status: number): boolean {
  return status === 502 || status === 503 || status === 504
}

const unreachableKinds: ReadonlySet<FailureKind> = new Set(['connect', 'connect-timeout', 'tls'])
const failedKinds: ReadonlySet<FailureKind> = new Set(['reset', 'timeout', 'invalid', 'truncated'])

/** Whether no connection could be had, and so nothing was sent. */
export function isUnreachable({ kind }: Failure): boolean {
  return unreachableKinds.has(kind)
}

/** One backend of an upstream. */
export class Endpoint {
  readonly url: URL
  readonly pools: Readonly<Record<Lane, Pool>>
  #inFlight = 0
  #standing: Standing = unknown
  readonly #settings: StandingSettings
  readonly #isAlone: (endpoint: Endpoint) => boolean
  readonly #events: EndpointEvents

  /** `isAlone`: whether no other backend of its upstream is up. Throws on a URL that is not an http(s) origin. */
  constructor(
    url: URL,
    settings: StandingSettings & PoolDeadlines,
    isAlone: (endpoint: Endpoint) => boolean,
    events: EndpointEvents,
  ) {
    this.url = url
    this.pools = { interactive: openPool(url, 'interactive', settings), upload: openPool(url, 'upload', settings) }
    this.#settings = settings
    this.#isAlone = isAlone
    this.#events = events
  }

  /** Requests of both lanes, and tunnels. */
  get inFlight(): number {
    return this.#inFlight
  }

  get isUp(): boolean {
    return isUp(this.#standing)
  }

  /** See `rank` of the standing. */
  rankAt(now: number): number {
    return rank(this.#standing, now, this.#settings)
  }

  visit(): Visit {
    const begun = performance.now()
    this.#inFlight += 1
    this.#learn({ kind: 'sent', begun }, '')
    return {
      head: (status) => {
        if (!isUnavailable(status)) this.#learn({ kind: 'head', begun }, 'it answers')
      },
      end: (ending) => {
        this.#inFlight -= 1
        this.#learn({ kind: factKind(ending), begun }, reasonOf(ending))
      },
    }
  }

  /** A health check has ended. `reason`: why it is unwell; empty where it is well. */
  checked(reason: string): void {
    const well = reason === ''
    this.#learn({ kind: well ? 'well' : 'unwell' }, well ? 'its health check is answered' : `health check: ${reason}`)
  }

  #learn(fact: Fact, reason: string): void {
    const before = this.#standing
    const around = { now: performance.now(), alone: this.#isAlone(this) }
    const after = learn(before, fact, this.#settings, around)
    if (after === before) return
    this.#standing = after
    if (after.ejection !== null && after.ejection.at !== before.ejection?.at) this.#events.ejected(this)
    if (isUp(after) !== isUp(before)) this.#events.changed(this, isUp(after), reason)
  }
}

function factKind(ending: Ending): 'left' | 'answered' | 'unreachable' | 'failed' {
  if (ending === null) return 'left'
  if ('status' in ending) return isUnavailable(ending.status) ? 'failed' : 'answered'
  if (isUnreachable(ending.failure)) return 'unreachable'
  // Of a pool that is full, a gateway that closes and a mistake of ours the backend knows nothing.
  return failedKinds.has(ending.failure.kind) ? 'failed' : 'left'
}

function reasonOf(ending: Ending): string {
  if (ending === null) return ''
  return 'status' in ending ? `it answered ${ending.status}` : `requests failed: ${ending.failure.kind}`
}
