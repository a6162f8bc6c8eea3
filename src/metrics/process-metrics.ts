import type { MetricDefinition } from './definition.ts'

export const processMetrics = {
  workers: {
    name: 'sluice_workers',
    type: 'gauge',
    across: 'sum',
    help: 'Processes that serve clients at the moment.',
    labels: {},
  },
  workerRestarts: {
    name: 'sluice_worker_restarts_total',
    type: 'counter',
    help: 'Workers that were started in the place of one that had ended.',
    labels: {},
  },
  workersUnresponsive: {
    name: 'sluice_workers_unresponsive',
    type: 'gauge',
    across: 'sum',
    help: 'Workers that did not answer this scrape in time; their last known values are in it.',
    labels: {},
  },
  draining: {
    name: 'sluice_draining',
    type: 'gauge',
    across: 'max',
    help: 'Whether the gateway was told to stop and lets requests in flight end.',
    labels: {},
  },
  drainRemaining: {
    name: 'sluice_drain_remaining_requests',
    type: 'gauge',
    across: 'sum',
    help: 'Requests that are still in flight while the gateway drains.',
    labels: {},
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
