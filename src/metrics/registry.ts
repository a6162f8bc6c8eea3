import { Counter, collectDefaultMetrics, Gauge, type Histogram, Registry } from 'prom-client'
import { catalogue, type MetricDefinition } from './catalogue.ts'
import { startLagMeter } from './event-loop-lag.ts'
import { basics, counters, type Family, histograms, type Tally } from './family.ts'

/** Gauges of prom-client whose names claim to be counters; `promtool check metrics` refuses them. */
const MISNAMED = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total']

/** What a definition becomes: a family of children where a counter has labels, prom-client's own instrument otherwise. */
type Instrument<Definition extends MetricDefinition> = Definition['type'] extends 'gauge'
  ? Gauge
  : Definition['type'] extends 'histogram'
    ? Family<Definition['labels'], Histogram.Internal<string>>
    : keyof Definition['labels'] extends never
      ? Counter
      : Family<Definition['labels'], Tally>

type Instruments = { readonly [Name in keyof typeof catalogue]: Instrument<(typeof catalogue)[Name]> }

/** A metric with its values, as plain data: it travels between processes. */
export type Series = Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number]

/** What one process knows. */
export interface MetricsReport {
  /** What the catalogue has. */
  readonly own: readonly Series[]
  /** What prom-client knows of every process of Node; empty outside of scrapes. */
  readonly process: readonly Series[]
}

/** One instrument for each entry of the catalogue, in a registry of its own, with prom-client's process metrics. */
export type Metrics = ReturnType<typeof createMetrics>

/** `stop` ends the sampling of the event loop; everything else is plain memory. */
export function createMetrics({ version }: { readonly version: string }) {
  const registry = new Registry()
  const ofProcess = new Registry()
  const lag = startLagMeter()
  const made = Object.entries(catalogue).map(([name, definition]) => [name, instrument(registry, definition)])
  const instruments = Object.fromEntries(made) as Instruments
  instruments.buildInfo.set({ version }, 1)
  collectDefaultMetrics({ register: ofProcess })
  for (const name of MISNAMED) ofProcess.removeSingleMetric(name)
  return {
    ...instruments,
    contentType: registry.contentType,
    /** The exposition text that a scrape gets. */
    async render(): Promise<string> {
      instruments.eventLoopLag.set(lag.take())
      return `${await registry.metrics()}\n${await ofProcess.metrics()}`
    },
    /**
     * The same for a process that puts together what several know. Outside of scrapes, without what is measured from
     * one scrape to the next.
     */
    async report({ scraped }: { readonly scraped: boolean }): Promise<MetricsReport> {
      if (!scraped) return { own: await registry.getMetricsAsJSON(), process: [] }
      instruments.eventLoopLag.set(lag.take())
      return { own: await registry.getMetricsAsJSON(), process: await ofProcess.getMetricsAsJSON() }
    },
    stop: lag.stop,
  }
}

function instrument(registry: Registry, definition: MetricDefinition) {
  if (definition.type === 'gauge') return gauge(registry, definition)
  if (definition.type === 'histogram') return histograms(registry, definition)
  const isSingle = Object.keys(definition.labels).length === 0
  return isSingle ? new Counter(basics(registry, definition)) : counters(registry, definition)
}

function gauge(registry: Registry, definition: MetricDefinition & { readonly type: 'gauge' }): Gauge {
  const made = new Gauge({ ...basics(registry, definition), aggregator: definition.across })
  const isSingle = Object.keys(definition.labels).length === 0
  // What a process never sets it must not tell as 0: the primary has none of what its workers have.
  if (isSingle && (definition.across === 'min' || definition.across === 'first')) made.remove()
  return made
}

/** Tells which configuration is in force; the one before it disappears from the scrape. */
export function announceConfiguration(metrics: Metrics, hash: string): void {
  metrics.configurationInfo.reset()
  metrics.configurationInfo.set({ hash }, 1)
}
