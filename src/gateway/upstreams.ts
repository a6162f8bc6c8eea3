import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import type { Metrics } from '../metrics/registry.ts'
import type { Endpoint } from '../upstream/endpoint.ts'
import type { Upstream, UpstreamEvents } from '../upstream/upstream.ts'
import { checkHealth, destroyUpstreams, openUpstreams, type Upstreams } from '../upstream/upstreams.ts'
import { createEndpointTeller, type EndpointNews, type EndpointTeller } from './endpoint-teller.ts'

type UpstreamMetrics = Pick<
  Metrics,
  'upstreamEndpointUp' | 'upstreamInFlight' | 'upstreamEjections' | 'upstreamRetries'
>

/** The upstreams of a running gateway: their health is checked, and what becomes of them is told. */
export interface WatchedUpstreams {
  readonly upstreams: Upstreams
  /** Brings the gauges up to date. */
  readonly collect: () => void
  /** Breaks off what is in flight. */
  readonly close: () => Promise<void>
}

export function watchUpstreams(
  { upstreams: configs }: Snapshot,
  metrics: UpstreamMetrics,
  log: Logger,
): WatchedUpstreams {
  const names = new WeakMap<Endpoint, string>()
  const nameOf = (endpoint: Endpoint): string => names.get(endpoint) ?? ''
  const teller = createEndpointTeller((news) => say(log, news))
  const upstreams = openUpstreams(configs, eventsFor(metrics, teller, nameOf))
  for (const [name, upstream] of upstreams) {
    for (const endpoint of upstream.endpoints) names.set(endpoint, name)
    beginAtZero(upstream, metrics)
  }
  const stopChecks = checkHealth(upstreams)
  return {
    upstreams,
    collect: () => collect(upstreams, metrics),
    async close() {
      await stopChecks()
      await destroyUpstreams(upstreams)
      teller.close()
    },
  }
}

/** Those of which no endpoint is up. */
export function upstreamsDown(upstreams: Upstreams): readonly string[] {
  return [...upstreams].flatMap(([name, { endpoints }]) => (endpoints.some(({ isUp }) => isUp) ? [] : [name]))
}

function eventsFor(
  { upstreamEjections, upstreamRetries }: UpstreamMetrics,
  teller: EndpointTeller,
  nameOf: (endpoint: Endpoint) => string,
): UpstreamEvents {
  return {
    changed: (endpoint, up, reason) =>
      teller.tell({ upstream: nameOf(endpoint), endpoint: endpoint.url.origin, up, reason }),
    ejected: (endpoint) => upstreamEjections.of({ upstream: nameOf(endpoint), endpoint: endpoint.url.origin }).inc(),
    retried: ({ config }) => upstreamRetries.of({ upstream: config.name }).inc(),
  }
}

function say(log: Logger, { upstream, endpoint, up, reason }: EndpointNews): void {
  if (up) log.info({ upstream, endpoint, reason }, 'an endpoint of an upstream is back')
  else log.warn({ upstream, endpoint, reason }, 'an endpoint of an upstream is down')
}

/** A rate over a series that appears with its first event does not see that event. */
function beginAtZero({ config, endpoints }: Upstream, { upstreamEjections, upstreamRetries }: UpstreamMetrics): void {
  upstreamRetries.of({ upstream: config.name })
  for (const { url } of endpoints) upstreamEjections.of({ upstream: config.name, endpoint: url.origin })
}

function collect(upstreams: Upstreams, { upstreamEndpointUp, upstreamInFlight }: UpstreamMetrics): void {
  // A configuration before this one may have had others.
  upstreamEndpointUp.reset()
  upstreamInFlight.reset()
  for (const [upstream, { endpoints }] of upstreams) {
    for (const { url, isUp, inFlight } of endpoints) {
      upstreamEndpointUp.set({ upstream, endpoint: url.origin }, isUp ? 1 : 0)
      upstreamInFlight.set({ upstream, endpoint: url.origin }, inFlight)
    }
  }
}
