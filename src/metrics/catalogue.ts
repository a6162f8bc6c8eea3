import { configurationMetrics } from './configuration-metrics.ts'
import { type MetricDefinition, stageSeconds } from './definition.ts'
import { limitMetrics } from './limit-metrics.ts'
import { processMetrics } from './process-metrics.ts'
import { quarantineMetrics } from './quarantine-metrics.ts'
import { recordMetrics } from './record-metrics.ts'
import { scannerMetrics } from './scanner-metrics.ts'
import { upstreamMetrics } from './upstream-metrics.ts'

export type { LabelSource, MetricDefinition } from './definition.ts'

/**
 * Every metric of Sluice, once. Names follow the Prometheus conventions: base units, `_total` on counters.
 * A label takes its values from a list written here, or from one of two sets that are fixed while a configuration
 * holds: what the configuration names, and the ids of the problem catalogue. Never from a request.
 */
export const lanes = ['upload', 'interactive'] as const
export type Lane = (typeof lanes)[number]

/**
 * How a request ended. `released`: a clean upload went upstream and was answered. `stripped`: the same, without its
 * refused files. `relayed`: plain traffic. `upgraded`: a tunnel was opened. `answered`: by the gateway itself. `refused`: answered with a problem that
 * the client can mend. `failed`: answered with a problem of the gateway or the backend. `aborted`: the client left.
 */
export const outcomes = [
  'released',
  'stripped',
  'relayed',
  'upgraded',
  'answered',
  'refused',
  'failed',
  'aborted',
] as const
export type Outcome = (typeof outcomes)[number]

/** What is timed: the stages of an upload, and `relay` for traffic without a policy. */
export const stages = [
  'connection',
  'route',
  'admission',
  'multipart',
  'inspection',
  'scan',
  'verdict',
  'quarantine',
  'hold',
  'release',
  'relay',
] as const
export type TimedStage = (typeof stages)[number]

/** Why something in a file was not looked into, by inspectors or scanners. */
export const unscannedReasons = [
  'timeout',
  'memory',
  'tooLarge',
  'encrypted',
  'unsupported',
  'damaged',
  'unavailable',
  'partial',
  'stale',
] as const

/** Up to an hour: a slow but steady upload is a good one. */
const requestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]

export const catalogue = {
  requests: {
    name: 'sluice_requests_total',
    type: 'counter',
    help: 'Requests that ended, by route pattern, lane and outcome.',
    labels: { route: 'configuration', lane: lanes, outcome: outcomes },
  },
  requestDuration: {
    name: 'sluice_request_duration_seconds',
    type: 'histogram',
    help: 'Time from the request line to the end of the answer.',
    labels: { lane: lanes },
    buckets: requestSeconds,
  },
  receivedBytes: {
    name: 'sluice_received_bytes_total',
    type: 'counter',
    help: 'Body bytes received from clients.',
    labels: { lane: lanes },
  },
  releasedBytes: {
    name: 'sluice_released_bytes_total',
    type: 'counter',
    help: 'Body bytes of uploads sent upstream.',
    labels: {},
  },
  stageDuration: {
    name: 'sluice_stage_duration_seconds',
    type: 'histogram',
    help: 'Time that requests spent in each stage that they reached.',
    labels: { stage: stages },
    buckets: stageSeconds,
  },
  problems: {
    name: 'sluice_problems_total',
    type: 'counter',
    help: 'Answers that refused or failed a request, by the problem that gave the status.',
    labels: { id: 'problems' },
  },
  findings: {
    name: 'sluice_findings_total',
    type: 'counter',
    help: 'Rules of policies that did not hold, by the mode that the policy gives them.',
    labels: { rule: 'problems', mode: ['enforce', 'report'] },
  },
  unscanned: {
    name: 'sluice_unscanned_files_total',
    type: 'counter',
    help: 'Files of which inspectors or scanners did not cover all, by each reason that they have.',
    labels: { reason: unscannedReasons },
  },
  inspectionsEnded: {
    name: 'sluice_inspections_ended_total',
    type: 'counter',
    help: 'Inspections whose thread was ended and replaced, by the reason.',
    labels: { reason: ['timeout', 'memory', 'crash'] },
  },
  inspectionQueue: {
    name: 'sluice_inspection_queue_files',
    type: 'gauge',
    across: 'sum',
    help: 'Files that wait for a thread to inspect them.',
    labels: {},
  },
  ...recordMetrics,
  ...scannerMetrics,
  ...quarantineMetrics,
  ...upstreamMetrics,
  ...processMetrics,
  ...limitMetrics,
  uploadsInFlight: {
    name: 'sluice_uploads_in_flight',
    type: 'gauge',
    across: 'sum',
    help: 'Uploads that are being received, judged or released.',
    labels: {},
  },
  uploadSlots: {
    name: 'sluice_upload_slots',
    type: 'gauge',
    across: 'sum',
    help: 'Upload slots that are taken.',
    labels: {},
  },
  uploadSlotsLimit: {
    name: 'sluice_upload_slots_limit',
    type: 'gauge',
    across: 'sum',
    help: 'Upload slots that the configuration allows.',
    labels: {},
  },
  uploadQueue: {
    name: 'sluice_upload_queue_uploads',
    type: 'gauge',
    across: 'sum',
    help: 'Uploads that wait for a slot.',
    labels: {},
  },
  uploadQueueWait: {
    name: 'sluice_upload_queue_wait_seconds',
    type: 'histogram',
    help: 'Time that uploads waited for a slot, whether they got one or not.',
    labels: {},
    buckets: [0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  upstreamUploads: {
    name: 'sluice_upstream_uploads',
    type: 'gauge',
    across: 'sum',
    help: 'Places for uploads that are taken, by the upstream that they will go to.',
    labels: { upstream: 'configuration' },
  },
  scannerUploads: {
    name: 'sluice_scanner_uploads',
    type: 'gauge',
    across: 'sum',
    help: 'Places for uploads that are taken, by each scanner that will be asked about their files.',
    labels: { scanner: 'configuration' },
  },
  turnsWaiting: {
    name: 'sluice_upload_turns_waiting',
    type: 'gauge',
    across: 'sum',
    help: 'Uploads that wait for their turn on the event loop.',
    labels: {},
  },
  turnsBudget: {
    name: 'sluice_upload_turn_bytes',
    type: 'gauge',
    across: 'min',
    help: 'Bytes of uploads that one turn of the event loop works on; less where it is late.',
    labels: {},
  },
  connectionsOpen: {
    name: 'sluice_connections_open',
    type: 'gauge',
    across: 'sum',
    help: 'Open connections of clients.',
    labels: {},
  },
  connectionsRefused: {
    name: 'sluice_connections_refused_total',
    type: 'counter',
    help: 'Connections that were turned away, answered or cut, by the cap that was reached.',
    labels: { reason: ['total', 'client'] },
  },
  connectionsReclaimed: {
    name: 'sluice_connections_reclaimed_total',
    type: 'counter',
    help: 'Idle connections that were closed to make room for new ones.',
    labels: {},
  },
  connectionsLimit: {
    name: 'sluice_connections_limit',
    type: 'gauge',
    across: 'sum',
    help: 'Connections of clients that may be open: admission.connections.total, or what open files leave of it.',
    labels: {},
  },
  holdMemory: {
    name: 'sluice_hold_memory_bytes',
    type: 'gauge',
    across: 'sum',
    help: 'Memory in use to hold uploads.',
    labels: {},
  },
  holdMemoryLimit: {
    name: 'sluice_hold_memory_limit_bytes',
    type: 'gauge',
    across: 'sum',
    help: 'Memory that the configuration allows to hold uploads.',
    labels: {},
  },
  holdSpool: {
    name: 'sluice_hold_spool_bytes',
    type: 'gauge',
    across: 'sum',
    help: 'Bytes of the spool that are in use or reserved.',
    labels: {},
  },
  holdSpoolLimit: {
    name: 'sluice_hold_spool_limit_bytes',
    type: 'gauge',
    across: 'sum',
    help: 'Bytes that the configuration allows for the spool.',
    labels: {},
  },
  drainedBytes: {
    name: 'sluice_early_answer_drained_bytes_total',
    type: 'counter',
    help: 'Body bytes read and thrown away so that a client that still sends can read its answer.',
    labels: {},
  },
  upgrades: {
    name: 'sluice_upgrades_total',
    type: 'counter',
    help: 'Protocol upgrades that were carried upstream.',
    labels: {},
  },
  eventLoopLag: {
    name: 'sluice_event_loop_lag_seconds',
    type: 'gauge',
    across: 'max',
    help: 'How late the event loop ran, 99th percentile since the last scrape.',
    labels: {},
  },
  buildInfo: {
    name: 'sluice_build_info',
    type: 'gauge',
    across: 'first',
    help: 'Constant 1, with the version of Sluice.',
    labels: { version: 'configuration' },
  },
  ...configurationMetrics,
} as const satisfies Readonly<Record<string, MetricDefinition>>
