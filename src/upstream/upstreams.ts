import { openUpstream, type Upstream, type UpstreamConfig } from './upstream.ts'

/** All upstreams of a configuration, by name. */
export interface Upstreams extends ReadonlyMap<string, Upstream> {}

/** Opens no connection yet. */
export function openUpstreams(configs: ReadonlyMap<string, Omit<UpstreamConfig, 'name'>>): Upstreams {
  return new Map([...configs].map(([name, config]) => [name, openUpstream({ name, ...config })]))
}

/** Breaks off what is in flight. */
export async function destroyUpstreams(upstreams: Upstreams): Promise<void> {
  await Promise.all([...upstreams.values()].map((upstream) => upstream.destroy()))
}
