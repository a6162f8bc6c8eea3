import { faultNames } from '../path/5-inspection/scanners/faults.ts'
import { lookupResults, probeCases, scanResults } from '../path/5-inspection/scanners/scan-results.ts'
import { type MetricDefinition, stageSeconds } from './definition.ts'

export const scannerMetrics = {
  scans: {
    name: 'sluice_scanner_scans_total',
    type: 'counter',
    help: 'Files that a scanner was asked about, by what was made of its answer.',
    labels: { scanner: 'configuration', result: scanResults },
  },
  scanFaults: {
    name: 'sluice_scanner_faults_total',
    type: 'counter',
    help: 'Files that a scanner gave no answer on that covers them, by what happened.',
    labels: { scanner: 'configuration', fault: faultNames },
  },
  scanDuration: {
    name: 'sluice_scanner_scan_duration_seconds',
    type: 'histogram',
    help: 'Time from asking a scanner to its answer, waiting for a slot included, cached answers left out.',
    labels: { scanner: 'configuration' },
    buckets: stageSeconds,
  },
  scannedBytes: {
    name: 'sluice_scanner_taken_bytes_total',
    type: 'counter',
    help: 'Bytes of files that a scanner took.',
    labels: { scanner: 'configuration' },
  },
  scanCache: {
    name: 'sluice_scanner_cache_requests_total',
    type: 'counter',
    help: 'Look-ups of answers that were given before, by where they were found.',
    labels: { scanner: 'configuration', result: lookupResults },
  },
  scannerUp: {
    name: 'sluice_scanner_up',
    type: 'gauge',
    across: 'min',
    help: 'Whether the scanner is believed: it answers, its last probe was found as it must be, and its signatures are as recent as configured.',
    labels: { scanner: 'configuration' },
  },
  scannerCircuitOpen: {
    name: 'sluice_scanner_circuit_open',
    type: 'gauge',
    across: 'max',
    help: 'Whether the scanner failed so often that it is not asked for a while.',
    labels: { scanner: 'configuration' },
  },
  scannerActive: {
    name: 'sluice_scanner_active_files',
    type: 'gauge',
    across: 'sum',
    help: 'Files that the scanner is asked about at the moment.',
    labels: { scanner: 'configuration' },
  },
  scannerQueue: {
    name: 'sluice_scanner_queue_files',
    type: 'gauge',
    across: 'sum',
    help: 'Files that wait for the scanner.',
    labels: { scanner: 'configuration' },
  },
  scannerSignatures: {
    name: 'sluice_scanner_signatures_timestamp_seconds',
    type: 'gauge',
    across: 'min',
    help: 'When the signatures of the scanner were made; absent where it does not tell.',
    labels: { scanner: 'configuration' },
  },
  scannerProbed: {
    name: 'sluice_scanner_probe_timestamp_seconds',
    type: 'gauge',
    across: 'min',
    help: 'When the last probe of the scanner ended.',
    labels: { scanner: 'configuration' },
  },
  scannerProbe: {
    name: 'sluice_scanner_probe_success',
    type: 'gauge',
    across: 'min',
    help: 'Whether the last probe was answered as it must be, by what it showed the scanner.',
    labels: { scanner: 'configuration', case: probeCases },
  },
  scannerProvenSize: {
    name: 'sluice_scanner_proven_bytes',
    type: 'gauge',
    across: 'min',
    help: 'The largest file in which the scanner was last proven to find something.',
    labels: { scanner: 'configuration' },
  },
  scannerProvenDepth: {
    name: 'sluice_scanner_proven_archive_depth',
    type: 'gauge',
    across: 'min',
    help: 'Levels of archives in which the scanner was last proven to find something.',
    labels: { scanner: 'configuration' },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
