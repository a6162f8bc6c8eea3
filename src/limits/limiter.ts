import { randomUUID } from 'node:crypto'
import type { Configuration } from '../config/configuration.ts'
import type { Metrics } from '../metrics/registry.ts'
import type { InboundRequest } from '../path/types.ts'
import type { TokenVerifier } from '../tokens/verify.ts'
import { compileLimits, type RouteLimits } from './compile.ts'
import { type Counting, type CountingOptions, countAlone, countWith, type DistantStore } from './counting.ts'
import { keysOf } from './keys.ts'
import { type Announced, LimitedRequest } from './limited-request.ts'
import type { MemoryStore } from './memory-store.ts'
import { shareOf } from './share.ts'
import { type Standing, standingOf } from './standing.ts'

/** The limits of a configuration. */
export interface Limiter {
  /** Asks the limits of the route at this position. Null, without a promise, where it has none. Never rejects. */
  admit(
    route: number,
    request: Pick<InboundRequest, 'headers' | 'client'>,
    announced: Announced,
  ): Promise<LimitedRequest> | null
  /** What the sender has left of the limits of the route at this position. Takes nothing; never rejects. */
  look(route: number, request: Pick<InboundRequest, 'headers' | 'client'>): Promise<readonly Standing[]>
  /** Of the Redis; null where there is none. */
  health(): { readonly up: boolean } | null
  /** Brings the gauges up to date. */
  collect(): void
}

type LimiterMetrics = Pick<Metrics, 'limitDecisions' | 'limitFallbacks' | 'limitStoreUp' | 'limitBuckets'>

/** What the processes of one gateway share where there is no Redis. */
export interface SharedLimits {
  readonly store: DistantStore
  readonly processes: number
}

export interface LimiterOptions {
  /** Buckets of this process. */
  readonly memory: MemoryStore
  /** Null where gateways share nothing. */
  readonly redis: DistantStore | null
  /** Null in a process that is the whole gateway. */
  readonly shared: SharedLimits | null
  readonly metrics: LimiterMetrics
  readonly log: CountingOptions['log']
}

type Settings = Pick<Configuration, 'limits' | 'routes' | 'state' | 'clients'>

/** The limits of a configuration, over stores that somebody else opens and closes. */
export async function openLimiter(configuration: Settings, options: LimiterOptions): Promise<Limiter> {
  const { memory, redis, metrics, log, shared } = options
  const routes = compileLimits(configuration)
  const used = routes.flatMap((route) => route?.limits ?? [])
  const claims = used.flatMap(({ key }) => (key.kind === 'claim' ? [key.name] : []))
  const tokens = await openTokens(configuration, claims)
  const { whenAway, gateways } = configuration.state
  const onFallback = (fallback: typeof whenAway): void => metrics.limitFallbacks.of({ fallback }).inc()
  const processes = shared?.processes ?? 1
  const otherwise = (others: number) => ({ share: shareOf(memory, others), onFallback, log })
  let counting: Counting = countAlone(memory)
  if (redis !== null) counting = countWith(redis, { whenAway, ...otherwise(gateways * processes) })
  else if (shared !== null) counting = countWith(shared.store, { whenAway: 'share', ...otherwise(processes) })
  return new OpenLimiter({ routes, tokens, memory, redis, counting, metrics })
}

async function openTokens({ clients }: Settings, claims: readonly string[]): Promise<TokenVerifier | null> {
  if (clients.tokens === null || claims.length === 0) return null
  const { createTokenVerifier } = await import('../tokens/verify.ts')
  return createTokenVerifier(clients.tokens, [...new Set(claims)])
}

/** Where no route has limits. */
export function noLimits({ limitStoreUp }: Pick<LimiterMetrics, 'limitStoreUp'>): Limiter {
  return { admit: () => null, look: async () => [], health: () => null, collect: () => limitStoreUp.set(1) }
}

interface Parts {
  readonly routes: readonly (RouteLimits | null)[]
  readonly tokens: TokenVerifier | null
  readonly memory: MemoryStore
  readonly redis: DistantStore | null
  readonly counting: Counting
  readonly metrics: LimiterMetrics
}

class OpenLimiter implements Limiter {
  readonly #parts: Parts
  /** Of this process among all that share the store; then its requests are numbered. */
  readonly #process = randomUUID()
  #requests = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  admit(route: number, request: Pick<InboundRequest, 'headers' | 'client'>, announced: Announced) {
    const limits = this.#parts.routes[route] ?? null
    return limits === null ? null : this.#admit(limits, request, announced)
  }

  async #admit(
    route: RouteLimits,
    request: Pick<InboundRequest, 'headers' | 'client'>,
    announced: Announced,
  ): Promise<LimitedRequest> {
    const { counting, tokens, metrics } = this.#parts
    this.#requests += 1
    const limited = new LimitedRequest(route.limits, {
      counting,
      id: `${this.#process}:${this.#requests}`,
      count: (limit, decision) => metrics.limitDecisions.of({ limit, decision }).inc(),
    })
    await limited.admit(await keysOf(route, request, tokens), announced)
    return limited
  }

  async look(route: number, request: Pick<InboundRequest, 'headers' | 'client'>): Promise<readonly Standing[]> {
    const { routes, tokens, counting } = this.#parts
    const found = routes[route] ?? null
    return found === null ? [] : standingOf(counting, found.limits, await keysOf(found, request, tokens))
  }

  health(): { readonly up: boolean } | null {
    const { redis, counting } = this.#parts
    return redis === null ? null : { up: redis.up && counting.answers }
  }

  collect(): void {
    const { metrics, memory } = this.#parts
    metrics.limitStoreUp.set(this.health()?.up === false ? 0 : 1)
    metrics.limitBuckets.set(memory.buckets)
  }
}
