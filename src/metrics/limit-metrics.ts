import type { MetricDefinition } from './definition.ts'

/**
 * What a limit decided about a request. `reported`: it would have refused, in report mode. `unavailable`: nobody could be
 * asked, and state.whenAway decided.
 */
export const limitDecisions = ['allowed', 'refused', 'reported', 'unavailable'] as const
export type LimitDecision = (typeof limitDecisions)[number]

export const limitMetrics = {
  limitDecisions: {
    name: 'sluice_limit_decisions_total',
    type: 'counter',
    help: 'Requests that a limit decided about, by what it decided; one that let a request in can still refuse its bytes or files.',
    labels: { limit: 'configuration', decision: limitDecisions },
  },
  limitFallbacks: {
    name: 'sluice_limit_fallbacks_total',
    type: 'counter',
    help: 'Questions about limits that were not answered in time by Redis, or by the primary of several processes, by what was made of them.',
    labels: { fallback: ['share', 'refuse', 'allow'] },
  },
  limitStoreUp: {
    name: 'sluice_limit_store_up',
    type: 'gauge',
    across: 'min',
    help: 'Whether the Redis that gateways share limits in answers; 1 where there is none.',
    labels: {},
  },
  limitBuckets: {
    name: 'sluice_limit_buckets',
    type: 'gauge',
    across: 'sum',
    help: 'Clients, tenants and the like that limits are remembered for in memory.',
    labels: {},
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
