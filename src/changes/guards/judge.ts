import { bucketsOf, type Counters, selected, sumOf } from '../counters.ts'
import type { Bound, Comparator, Guard } from './guard.ts'
import { type Measure, measureOf, type Selection } from './measures.ts'

/** What a guard says of what was counted. */
export interface Judgement {
  readonly holds: boolean
  /** A share is a fraction, a duration is in milliseconds; null where there were too few requests to judge by. */
  readonly value: number | null
}

/** `counted`: since the trial began. Pure. */
export function judge(guard: Guard, counted: Counters): Judgement {
  const value = valueOf(measureOf(guard.measure), guard, counted)
  return { holds: value === null || compare(value, guard.comparator, boundIn(guard.bound)), value }
}

function valueOf(measure: Measure, { labels, after }: Guard, counted: Counters): number | null {
  if (measure.unit === 'count') return total(counted, measure.of, labels)
  if (measure.unit === 'share') {
    const whole = total(counted, measure.among, labels)
    return whole === 0 || whole < after ? null : total(counted, measure.of, labels) / whole
  }
  const buckets = bucketsIn(counted, measure.of, labels)
  const whole = buckets.at(-1)?.count ?? 0
  return whole === 0 || whole < after ? null : quantile(buckets, measure.quantile) * 1000
}

function total(counted: Counters, selection: Selection, labels: Guard['labels']): number {
  return sumOf(counted, selection.metric.name, narrowed(selection, labels))
}

/** With those labels of the guard that the metric has. */
function narrowed({ metric, where }: Selection, labels: Guard['labels']): Guard['labels'] {
  const its = Object.entries(labels).filter(([name]) => Object.hasOwn(metric.labels, name))
  return { ...where, ...Object.fromEntries(its) }
}

interface Bucket {
  readonly to: number
  /** All that took no longer. */
  readonly count: number
}

function bucketsIn(counted: Counters, selection: Selection, labels: Guard['labels']): readonly Bucket[] {
  const sums = new Map<number, number>()
  const where = narrowed(selection, labels)
  for (const { labels: of, value } of selected(counted, bucketsOf(selection.metric.name), where)) {
    const to = of['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(of['le'])
    sums.set(to, (sums.get(to) ?? 0) + value)
  }
  return [...sums].map(([to, count]) => ({ to, count })).toSorted((one, other) => one.to - other.to)
}

/** As Prometheus does it: evenly spread within a bucket; beyond the last bound, that bound. */
function quantile(buckets: readonly Bucket[], share: number): number {
  const rank = share * (buckets.at(-1)?.count ?? 0)
  const index = buckets.findIndex(({ count }) => count >= rank)
  const bucket = buckets[index]
  const below = buckets[index - 1] ?? { to: 0, count: 0 }
  if (bucket === undefined || bucket.to === Number.POSITIVE_INFINITY) return below.to
  return below.to + ((bucket.to - below.to) * (rank - below.count)) / Math.max(bucket.count - below.count, 1)
}

function boundIn({ unit, value }: Bound): number {
  return unit === 'percent' ? value / 100 : value
}

function compare(value: number, comparator: Comparator, bound: number): boolean {
  if (comparator === '<') return value < bound
  if (comparator === '<=') return value <= bound
  return comparator === '>' ? value > bound : value >= bound
}
