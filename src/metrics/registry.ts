import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { catalogue, type MetricDefinition } from './catalogue.ts'
import { startLagMeter } from './event-loop-lag.ts'
import { basics, counters, histograms } from './family.ts'

/** Gauges of prom-client whose names claim to be counters; `promtool check metrics` refuses them. */
const MISNAMED = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total']

/** One instrument for each entry of the catalogue, in a registry of its own, with prom-client's process metrics. */
export type Metrics = ReturnType<typeof createMetrics>

/** `stop` ends the sampling of the event loop; everything else is plain memory. */
export function createMetrics({ version }: { readonly version: string }) {
  const registry = new Registry()
  const lag = startLagMeter()
  const instruments = {
    ...requestInstruments(registry),
    ...processInstruments(registry),
    ...scannerInstruments(registry),
    ...quarantineInstruments(registry),
    eventLoopLag: new Gauge({
      ...basics(registry, catalogue.eventLoopLag),
      collect() {
        this.set(lag.take())
      },
    }),
  } satisfies Record<keyof typeof catalogue, unknown>
  instruments.buildInfo.set({ version }, 1)
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  return {
    ...instruments,
    contentType: registry.contentType,
    /** The exposition text that a scrape gets. */
    render: () => registry.metrics(),
    stop: lag.stop,
  }
}

function requestInstruments(registry: Registry) {
  return {
    requests: counters(registry, catalogue.requests),
    requestDuration: histograms(registry, catalogue.requestDuration),
    receivedBytes: counters(registry, catalogue.receivedBytes),
    releasedBytes: counter(registry, catalogue.releasedBytes),
    stageDuration: histograms(registry, catalogue.stageDuration),
    problems: counters(registry, catalogue.problems),
    findings: counters(registry, catalogue.findings),
    unscanned: counters(registry, catalogue.unscanned),
    upstreamErrors: counters(registry, catalogue.upstreamErrors),
    drainedBytes: counter(registry, catalogue.drainedBytes),
    upgrades: counter(registry, catalogue.upgrades),
  }
}

function scannerInstruments(registry: Registry) {
  return {
    scans: counters(registry, catalogue.scans),
    scanFaults: counters(registry, catalogue.scanFaults),
    scanDuration: histograms(registry, catalogue.scanDuration),
    scannedBytes: counters(registry, catalogue.scannedBytes),
    scanCache: counters(registry, catalogue.scanCache),
    scannerUp: gauge(registry, catalogue.scannerUp),
    scannerCircuitOpen: gauge(registry, catalogue.scannerCircuitOpen),
    scannerActive: gauge(registry, catalogue.scannerActive),
    scannerQueue: gauge(registry, catalogue.scannerQueue),
    scannerSignatures: gauge(registry, catalogue.scannerSignatures),
    scannerProbed: gauge(registry, catalogue.scannerProbed),
    scannerProbe: gauge(registry, catalogue.scannerProbe),
    scannerProvenSize: gauge(registry, catalogue.scannerProvenSize),
    scannerProvenDepth: gauge(registry, catalogue.scannerProvenDepth),
  }
}

function quarantineInstruments(registry: Registry) {
  return {
    quarantined: counters(registry, catalogue.quarantined),
    quarantineEnded: counters(registry, catalogue.quarantineEnded),
    quarantineEntries: gauge(registry, catalogue.quarantineEntries),
    quarantineBytes: gauge(registry, catalogue.quarantineBytes),
    quarantineLimit: gauge(registry, catalogue.quarantineLimit),
  }
}

function processInstruments(registry: Registry) {
  return {
    uploadsInFlight: gauge(registry, catalogue.uploadsInFlight),
    connectionsOpen: gauge(registry, catalogue.connectionsOpen),
    holdMemory: gauge(registry, catalogue.holdMemory),
    holdMemoryLimit: gauge(registry, catalogue.holdMemoryLimit),
    holdSpool: gauge(registry, catalogue.holdSpool),
    holdSpoolLimit: gauge(registry, catalogue.holdSpoolLimit),
    inspectionsEnded: counters(registry, catalogue.inspectionsEnded),
    inspectionQueue: gauge(registry, catalogue.inspectionQueue),
    auditLines: counters(registry, catalogue.auditLines),
    auditErrors: counter(registry, catalogue.auditErrors),
    buildInfo: gauge(registry, catalogue.buildInfo),
    configurationInfo: gauge(registry, catalogue.configurationInfo),
  }
}

function counter(registry: Registry, definition: MetricDefinition): Counter {
  return new Counter(basics(registry, definition))
}

function gauge(registry: Registry, definition: MetricDefinition): Gauge {
  return new Gauge(basics(registry, definition))
}

/** Tells which configuration is in force; the one before it disappears from the scrape. */
export function announceConfiguration(metrics: Metrics, hash: string): void {
  metrics.configurationInfo.reset()
  metrics.configurationInfo.set({ hash }, 1)
}
