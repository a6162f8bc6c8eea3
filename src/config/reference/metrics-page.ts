import { catalogue, type LabelSource, type MetricDefinition } from '../../metrics/catalogue.ts'
import { code, page, table } from './markdown.ts'

export function metricsPage(): string {
  const metrics: readonly MetricDefinition[] = Object.values(catalogue)
  const rows = metrics.map(({ name, type, help, labels }) => [code(name), type, help, describeLabels(labels)])
  return page(
    'Metrics',
    'What `/metrics` on the operations listener shows, in the text format of Prometheus. Every label has a closed set of values: ' +
      'those listed, those that the configuration names, or the ids of [problems](problems.md).',
    table(['name', 'type', 'meaning', 'labels'], rows),
  )
}

function describeLabels(labels: MetricDefinition['labels']): string {
  return Object.entries(labels)
    .map(([name, source]) => `${code(name)}: ${describeSource(source)}`)
    .join('; ')
}

function describeSource(source: LabelSource): string {
  if (source === 'configuration') return 'from the configuration'
  return source === 'problems' ? 'ids of problems' : source.join(', ')
}
