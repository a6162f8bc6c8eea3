import { type StopChecks, startHealthChecks } from './health-check.ts'
import { openUpstream, type Upstream, type UpstreamConfig, type UpstreamEvents } from './upstream.ts'

/** All upstreams of a configuration, by name. */
export interface Upstreams extends ReadonlyMap<string, Upstream> {}

/** Opens no connection yet. */
export function openUpstreams(
  configs: ReadonlyMap<string, Omit<UpstreamConfig, 'name'>>,
  events?: UpstreamEvents,
): Upstreams {
  return new Map([...configs].map(([name, config]) => [name, openUpstream({ name, ...config }, events)]))
}

/** Checks the health of all backends whose upstream wants it, until stopped. */
export function checkHealth(upstreams: Upstreams): StopChecks {
  const stops = [...upstreams.values()].flatMap(({ config: { health }, endpoints }) =>
    health ? endpoints.map((endpoint) => startHealthChecks(endpoint, health)) : [],
  )
  return async () => {
    await Promise.all(stops.map((stop) => stop()))
  }
}

/** Breaks off what is in flight. */
export async function destroyUpstreams(upstreams: Upstreams): Promise<void> {
  await Promise.all([...upstreams.values()].map((upstream) => upstream.destroy()))
}
