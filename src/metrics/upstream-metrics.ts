import { failureKinds } from '../upstream/failure-kind.ts'
import type { MetricDefinition } from './definition.ts'

/** `endpoint`: a URL of the upstream's, as it is in the configuration. */
export const upstreamMetrics = {
  upstreamErrors: {
    name: 'sluice_upstream_errors_total',
    type: 'counter',
    help: 'Requests that an upstream did not answer, by the reason.',
    labels: { upstream: 'configuration', kind: failureKinds },
  },
  upstreamEndpointUp: {
    name: 'sluice_upstream_endpoint_up',
    type: 'gauge',
    across: 'min',
    help: 'Whether nothing speaks against a server, as far as requests and checks have told: it takes connections, is not ejected, and its health checks are answered.',
    labels: { upstream: 'configuration', endpoint: 'configuration' },
  },
  upstreamInFlight: {
    name: 'sluice_upstream_in_flight_requests',
    type: 'gauge',
    across: 'sum',
    help: 'Requests and tunnels that a server has at the moment.',
    labels: { upstream: 'configuration', endpoint: 'configuration' },
  },
  upstreamEjections: {
    name: 'sluice_upstream_ejections_total',
    type: 'counter',
    help: 'Ejections of a server because requests to it failed in a row.',
    labels: { upstream: 'configuration', endpoint: 'configuration' },
  },
  upstreamRetries: {
    name: 'sluice_upstream_retries_total',
    type: 'counter',
    help: 'Times that a request was sent again, to the same or another server.',
    labels: { upstream: 'configuration' },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
