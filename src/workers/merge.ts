import { AggregatorRegistry } from 'prom-client'
import type { MetricsReport, Series } from '../metrics/registry.ts'

type Metrics = readonly Series[]

/** What is known of one process, or of all that had one place among the workers. */
export interface Told {
  /** The word for it in the label `worker`. */
  readonly worker: string
  /** Null where there is no process at the moment. */
  readonly report: MetricsReport | null
  /** What those before it had counted. */
  readonly departed: Metrics
}

/**
 * The exposition text of several processes. What the catalogue has is put together as it says there; what counts is added,
 * first within each place and then over all places in their order: rounding then never makes a sum smaller, which a
 * Prometheus would take for a restart. What prom-client knows of each process stays apart, by the label `worker`: a sum
 * of start times or an average of delays says nothing.
 */
export async function mergedText(told: readonly Told[]): Promise<string> {
  const places = await Promise.all(told.map(({ report, departed }) => added(departed, report?.own ?? [])))
  const own = AggregatorRegistry.aggregate(places)
  const processes = AggregatorRegistry.aggregate(
    told.map(({ worker, report }) => labelled(report?.process ?? [], worker)),
  )
  return `${await own.metrics()}\n${await processes.metrics()}`
}

/** What the catalogue has, put together. */
export async function mergedSeries(told: readonly Omit<Told, 'worker'>[]): Promise<readonly Series[]> {
  const places = await Promise.all(told.map(({ report, departed }) => added(departed, report?.own ?? [])))
  return AggregatorRegistry.aggregate(places).getMetricsAsJSON()
}

/** What one that is gone had counted, on top of what those before it had; gauges go with their process. */
export function withDeparted(departed: Metrics, { own }: MetricsReport): Promise<Metrics> {
  return added(departed, own.filter(isCounted))
}

async function added(departed: Metrics, own: Metrics): Promise<Series[]> {
  return AggregatorRegistry.aggregate([[...departed], [...own]]).getMetricsAsJSON()
}

function isCounted({ type }: Series): boolean {
  const kind: unknown = type
  return kind === 'counter' || kind === 'histogram'
}

/** With `first`, since prom-client leaves out some of them where several are put together. */
function labelled(metrics: Metrics, worker: string): Series[] {
  return metrics.map((metric) => ({
    ...metric,
    aggregator: 'first',
    values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker } })),
  })) as Series[]
}
