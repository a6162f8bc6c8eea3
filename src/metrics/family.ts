import { Counter, Histogram, type Registry } from 'prom-client'
import type { LabelSource, MetricDefinition } from './catalogue.ts'
import { labelTree, type Values } from './label-tree.ts'

type Labels = MetricDefinition['labels']
type Definition<L extends Labels> = MetricDefinition & { readonly labels: L }

/** A value for each label: one of those that the catalogue lists, or a string from the named source. */
export type LabelValues<L extends Labels> = {
  readonly [Name in keyof L]: L[Name] extends readonly (infer Value extends string)[] ? Value : string
}

/** A metric with labels; `of` gives the child for these values. */
export interface Family<L extends Labels, Child> {
  readonly of: (values: LabelValues<L>) => Child
}

/** Counts at the cost of an addition; prom-client, which hashes the labels at each call, learns the sum at a scrape. */
export interface Tally {
  readonly inc: (by?: number) => void
}

export const MAX_CHILDREN = 2000

export function counters<L extends Labels>(registry: Registry, definition: Definition<L>): Family<L, Tally> {
  const cells: { readonly values: Values; count: number }[] = []
  const metric = new Counter({
    ...basics(registry, definition),
    collect() {
      for (const cell of cells) {
        if (cell.count > 0) this.inc(cell.values, cell.count)
        cell.count = 0
      }
    },
  })
  return family(definition.labels, (values) => {
    const cell = { values, count: 0 }
    cells.push(cell)
    metric.inc(values, 0)
    return {
      inc(by = 1) {
        cell.count += by
      },
    }
  })
}

export function histograms<L extends Labels>(
  registry: Registry,
  definition: Definition<L> & { readonly type: 'histogram' },
): Family<L, Histogram.Internal<string>> {
  const metric = new Histogram({ ...basics(registry, definition), buckets: [...definition.buckets] })
  return family(definition.labels, (values) => {
    metric.zero(values)
    return metric.labels(values)
  })
}

/** Name, help and labels as prom-client wants them. */
export function basics(registry: Registry, { name, help, labels }: MetricDefinition) {
  return { name, help, labelNames: Object.keys(labels), registers: [registry] }
}

/**
 * Children whose labels all have listed values exist from the start, at 0: a rate over a series that appears with its
 * first event does not see that event.
 */
function family<L extends Labels, Child>(labels: L, make: (values: Values) => Child): Family<L, Child> {
  const of = labelTree(Object.keys(labels), MAX_CHILDREN, make)
  for (const values of listedCombinations(Object.entries(labels))) of(values)
  return { of }
}

/** Every combination of listed values; none where a label takes its values from elsewhere. */
function listedCombinations(labels: readonly (readonly [string, LabelSource])[]): readonly Values[] {
  let combinations: Values[] = [{}]
  for (const [name, source] of labels) {
    if (typeof source === 'string') return []
    const longer: Values[] = []
    for (const head of combinations) for (const value of source) longer.push({ ...head, [name]: value })
    combinations = longer
  }
  return combinations
}
