import { catalogue } from '../metrics/catalogue.ts'
import type { Series } from '../metrics/registry.ts'

/** How much was counted under one set of labels. */
export interface Count {
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What the gateway has counted since it was started, as far as changes are judged by it. */
export type Counters = readonly Count[]

export type ReadCounters = () => Promise<Counters>

/** The buckets of a histogram, each with the label `le`. */
export const bucketsOf = (histogram: string): string => `${histogram}_bucket`

const { requests, problems, findings, unscanned, requestDuration } = catalogue
const judgedBy: ReadonlySet<string> = new Set([
  ...[requests, problems, findings, unscanned].map(({ name }) => name),
  bucketsOf(requestDuration.name),
])

/** Takes out of a report of all metrics what changes are judged by. */
export function countersOf(series: readonly Series[]): Counters {
  return series.flatMap(({ name, values }) =>
    values.flatMap(({ metricName = name, labels, value }: Value) =>
      judgedBy.has(metricName) ? [{ metric: metricName, labels: textual(labels), value }] : [],
    ),
  )
}

/** As prom-client gives it; histograms name each of their series. */
interface Value {
  readonly metricName?: string
  readonly labels: Readonly<Partial<Record<string, string | number>>>
  readonly value: number
}

function textual(labels: Value['labels']): Count['labels'] {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
}

/** What was counted between two readings. A count that fell began anew, and all of it is since then. */
export function countedSince(then: Counters, now: Counters): Counters {
  const before = new Map(then.map((count) => [keyOf(count), count.value]))
  return now.map((count) => {
    const earlier = before.get(keyOf(count)) ?? 0
    return { ...count, value: count.value >= earlier ? count.value - earlier : count.value }
  })
}

function keyOf({ metric, labels }: Count): string {
  const pairs = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([metric, pairs])
}

/** The sum over all series of a metric with these labels. */
export function sumOf(counters: Counters, metric: string, where: Count['labels']): number {
  return selected(counters, metric, where).reduce((sum, { value }) => sum + value, 0)
}

export function selected(counters: Counters, metric: string, where: Count['labels']): Counters {
  const wanted = Object.entries(where)
  return counters.filter(
    (count) => count.metric === metric && wanted.every(([name, value]) => count.labels[name] === value),
  )
}
