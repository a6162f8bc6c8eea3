import { performance } from 'node:perf_hooks'
import type { Pool } from 'undici'
import type { SigningKey } from '../signatures/signing-key.ts'
import { balance } from './balance.ts'
import { Endpoint, type EndpointEvents } from './endpoint.ts'
import type { EjectionSettings, HealthThresholds } from './standing.ts'

/** Health checks of each backend; times in milliseconds. */
export interface HealthSettings extends HealthThresholds {
  /** Request target in origin-form. */
  readonly path: string
  readonly every: number
  readonly timeout: number
}

/** One entry of `upstreams`; times in milliseconds. */
export interface UpstreamConfig {
  readonly name: string
  /** Origins without a path: `http://host:port`. */
  readonly urls: readonly string[]
  readonly connect: number
  readonly response: number
  readonly retryFor: number
  readonly health?: HealthSettings | null
  /** Without it, no backend is ejected. */
  readonly ejection?: EjectionSettings | null
  /** The field that tells one upload from another: the service acts once for each value, however often it is sent. */
  readonly idempotencyKey?: string | null
  /** What released uploads are signed with; without it they are not. */
  readonly sign?: SigningKey | null
}

export interface UpstreamEvents extends EndpointEvents {
  /** A request is sent again. */
  retried(upstream: Upstream): void
}

const nobodyListens: UpstreamEvents = { changed() {}, ejected() {}, retried() {} }

export interface Upstream {
  readonly config: UpstreamConfig
  /** In the order of the configuration. */
  readonly endpoints: readonly Endpoint[]
  /** All backends in the order in which the next request should try them. */
  order(): readonly Endpoint[]
  /** Tells, until the function that it returns is called, when a backend is back. */
  onReturn(listener: () => void): () => void
  /** A request is about to be sent again. */
  retrying(): void
  /** Resolves when all requests in flight are answered. */
  close(): Promise<void>
  /** Breaks off what is in flight. */
  destroy(): Promise<void>
}

/** Opens no connection yet. Throws on a URL that is not an http(s) origin. */
export function openUpstream(config: UpstreamConfig, events: UpstreamEvents = nobodyListens): Upstream {
  const waiting = new Set<() => void>()
  const observed: EndpointEvents = {
    ejected: (endpoint) => events.ejected(endpoint),
    changed(endpoint, up, reason) {
      events.changed(endpoint, up, reason)
      if (up) for (const listener of waiting) listener()
    },
  }
  const settings = { ...config, ejection: config.ejection ?? null, health: config.health ?? null }
  const isAlone = (one: Endpoint): boolean => !endpoints.some((other) => other !== one && other.isUp)
  const endpoints = config.urls.map((url) => new Endpoint(new URL(url), settings, isAlone, observed))
  const pools = endpoints.flatMap((endpoint) => Object.values(endpoint.pools))
  let turn = 0
  const upstream: Upstream = {
    config,
    endpoints,
    order() {
      if (endpoints.length === 1) return endpoints
      turn = (turn + 1) % endpoints.length
      return balance(endpoints, turn, performance.now())
    },
    onReturn(listener) {
      waiting.add(listener)
      return () => waiting.delete(listener)
    },
    retrying: () => events.retried(upstream),
    close: () => forEach(pools, (pool) => pool.close()),
    destroy: () => forEach(pools, (pool) => pool.destroy()),
  }
  return upstream
}

async function forEach(pools: readonly Pool[], act: (pool: Pool) => Promise<void>): Promise<void> {
  await Promise.all(pools.map(act))
}
