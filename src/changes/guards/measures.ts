import { catalogue, type LabelSource, type MetricDefinition } from '../../metrics/catalogue.ts'

/** Those series of a metric that have these labels. */
export interface Selection {
  readonly metric: MetricDefinition
  readonly where: Readonly<Record<string, string>>
}

interface Described {
  /** Labels that a guard may give, each one of the metric's. */
  readonly labels: readonly string[]
  readonly of: Selection
}

/** A share is one selection divided by another, to which labels apply that it has too. */
export type Measure =
  | (Described & { readonly unit: 'count' })
  | (Described & { readonly unit: 'share'; readonly among: Selection })
  | (Described & { readonly unit: 'duration'; readonly quantile: number })

const { requests, problems, findings, unscanned, requestDuration } = catalogue
const all = { metric: requests, where: {} }
const uploads = { metric: requests, where: { lane: 'upload' } }
const withOutcome = (outcome: string): Selection => ({ metric: requests, where: { outcome } })

/** All that guards can be about, each over what was counted since the trial began. */
const measures = {
  requests: { unit: 'count', labels: ['route', 'lane', 'outcome'], of: all },
  problems: { unit: 'count', labels: ['id'], of: { metric: problems, where: {} } },
  refused_ratio: { unit: 'share', labels: ['route', 'lane'], of: withOutcome('refused'), among: all },
  failed_ratio: { unit: 'share', labels: ['route', 'lane'], of: withOutcome('failed'), among: all },
  unscanned_ratio: { unit: 'share', labels: ['reason'], of: { metric: unscanned, where: {} }, among: uploads },
  finding_ratio: { unit: 'share', labels: ['rule', 'mode'], of: { metric: findings, where: {} }, among: uploads },
  duration_p99: { unit: 'duration', labels: ['lane'], of: { metric: requestDuration, where: {} }, quantile: 0.99 },
} as const satisfies Readonly<Record<string, Measure>>

export type MeasureName = keyof typeof measures

export const measureNames = Object.keys(measures) as readonly MeasureName[]

export function measureOf(name: MeasureName): Measure {
  return measures[name]
}

/** Where the values of a label of a measure come from. */
export function sourceOf({ of: { metric } }: Measure, label: string): LabelSource {
  const labels: Readonly<Record<string, LabelSource>> = metric.labels
  return labels[label] ?? []
}
