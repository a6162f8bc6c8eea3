import type { MetricDefinition } from './definition.ts'

export const quarantineMetrics = {
  quarantined: {
    name: 'sluice_quarantine_requests_total',
    type: 'counter',
    help: 'Refused requests that were to be kept for review, by what became of them.',
    labels: { result: ['kept', 'full', 'failed'] },
  },
  quarantineEnded: {
    name: 'sluice_quarantine_ended_total',
    type: 'counter',
    help: 'Kept requests that left the quarantine, by the reason.',
    labels: { reason: ['released', 'deleted', 'expired'] },
  },
  quarantineEntries: {
    name: 'sluice_quarantine_entries',
    type: 'gauge',
    across: 'max',
    help: 'Requests in the quarantine.',
    labels: {},
  },
  quarantineBytes: {
    name: 'sluice_quarantine_bytes',
    type: 'gauge',
    across: 'max',
    help: 'Bytes that the quarantine takes.',
    labels: {},
  },
  quarantineLimit: {
    name: 'sluice_quarantine_limit_bytes',
    type: 'gauge',
    across: 'max',
    help: 'Bytes that the configuration allows for the quarantine.',
    labels: {},
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
