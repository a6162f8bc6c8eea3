/** Where the values of a label come from: a list, what the configuration names, or the ids of the problem catalogue. */
export type LabelSource = readonly string[] | 'configuration' | 'problems'

interface Described {
  readonly name: `sluice_${string}`
  readonly help: string
  readonly labels: Readonly<Record<string, LabelSource>>
}

/** How a gauge of several processes becomes one. What they count is added anyway. */
export type Across = 'sum' | 'max' | 'min' | 'first'

export type MetricDefinition =
  | (Described & { readonly type: 'counter' })
  | (Described & { readonly type: 'gauge'; readonly across: Across })
  /** `buckets`: upper bounds, in its unit. */
  | (Described & { readonly type: 'histogram'; readonly buckets: readonly number[] })

/** Seconds; up to an hour, since a slow but steady upload is a good one. */
export const stageSeconds = [0.0001, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]
