/** Where the values of a label come from: a list, what the configuration names, or the ids of the problem catalogue. */
export type LabelSource = readonly string[] | 'configuration' | 'problems'

export interface MetricDefinition {
  readonly name: `sluice_${string}`
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: Readonly<Record<string, LabelSource>>
  /** Upper bounds of a histogram, in its unit. */
  readonly buckets?: readonly number[]
}

/** Seconds; up to an hour, since a slow but steady upload is a good one. */
export const stageSeconds = [0.0001, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]
