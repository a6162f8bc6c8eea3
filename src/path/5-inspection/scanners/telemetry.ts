import type { Metrics } from '../../../metrics/registry.ts'
import type { Lookup } from './cache/verdict-cache.ts'
import { faultNames, scanFaults } from './faults.ts'
import { kinds } from './kinds.ts'
import { lookupResults, scanResults } from './scan-results.ts'
import type { ScanAnswer } from './scanner.ts'
import type { ScannerKind, ScannerNeed } from './settings.ts'
import type { Proof } from './supervision/proof.ts'

export type ScannerMetrics = Pick<
  Metrics,
  | 'scans'
  | 'scanFaults'
  | 'scanDuration'
  | 'scannedBytes'
  | 'scanCache'
  | 'scannerUp'
  | 'scannerCircuitOpen'
  | 'scannerActive'
  | 'scannerQueue'
  | 'scannerSignatures'
  | 'scannerProbed'
  | 'scannerProbe'
  | 'scannerProvenSize'
  | 'scannerProvenDepth'
>

/** What the gauges of a scanner show. */
export interface Gauges {
  readonly up: boolean
  readonly circuitOpen: boolean
  readonly active: number
  readonly waiting: number
  readonly signaturesAt: number | null
  readonly proof: Proof
}

export interface Telemetry {
  answered(answer: ScanAnswer): void
  /** Milliseconds from asking to the answer. */
  timed(duration: number): void
  took(bytes: number): void
  lookedUp(result: Lookup['result']): void
  show(gauges: Gauges): void
  /** The scanner is there no longer; counters stay, as counters do. */
  forget(): void
}

/** The metrics of one scanner; all its series are there from the start. */
export function createTelemetry(
  metrics: ScannerMetrics,
  scanner: string,
  kind: ScannerKind,
  need: ScannerNeed,
): Telemetry {
  const { scans, scanFaults: faults, scanCache } = metrics
  for (const result of scanResults) scans.of({ scanner, result })
  for (const fault of faultNames) faults.of({ scanner, fault })
  for (const result of lookupResults) scanCache.of({ scanner, result })
  const duration = metrics.scanDuration.of({ scanner })
  const bytes = metrics.scannedBytes.of({ scanner })
  return {
    answered(answer) {
      if (answer.result === 'unscanned') faults.of({ scanner, fault: answer.fault }).inc()
      const result = answer.result === 'unscanned' ? scanFaults[answer.fault].reason : answer.result
      scans.of({ scanner, result }).inc()
    },
    timed: (milliseconds) => duration.observe(milliseconds / 1000),
    took: (count) => bytes.inc(count),
    lookedUp: (result) => scanCache.of({ scanner, result }).inc(),
    show: (gauges) => showGauges(metrics, scanner, kind, need, gauges),
    forget: () => forgetGauges(metrics, scanner, kind),
  }
}

function showGauges(
  metrics: ScannerMetrics,
  scanner: string,
  kind: ScannerKind,
  need: ScannerNeed,
  { up, circuitOpen, active, waiting, signaturesAt, proof }: Gauges,
): void {
  metrics.scannerUp.set({ scanner }, Number(up))
  metrics.scannerCircuitOpen.set({ scanner }, Number(circuitOpen))
  metrics.scannerActive.set({ scanner }, active)
  metrics.scannerQueue.set({ scanner }, waiting)
  if (signaturesAt === null) metrics.scannerSignatures.remove({ scanner })
  else metrics.scannerSignatures.set({ scanner }, signaturesAt / 1000)
  metrics.scannerProbed.set({ scanner }, (proof.last?.at ?? 0) / 1000)
  for (const shown of kinds[kind].probe) {
    const ok = proof.last?.cases.find((probed) => probed.case === shown)?.ok ?? false
    metrics.scannerProbe.set({ scanner, case: shown }, Number(ok))
  }
  metrics.scannerProvenSize.set({ scanner }, Math.min(proof.largest, need.size))
  if (proof.depth !== null) metrics.scannerProvenDepth.set({ scanner }, proof.depth)
}

function forgetGauges(metrics: ScannerMetrics, scanner: string, kind: ScannerKind): void {
  for (const shown of kinds[kind].probe) metrics.scannerProbe.remove({ scanner, case: shown })
  const { scannerUp, scannerCircuitOpen, scannerActive, scannerQueue } = metrics
  const { scannerSignatures, scannerProbed, scannerProvenSize, scannerProvenDepth } = metrics
  const gauges = [scannerUp, scannerCircuitOpen, scannerActive, scannerQueue]
  for (const gauge of [...gauges, scannerSignatures, scannerProbed, scannerProvenSize, scannerProvenDepth])
    gauge.remove({ scanner })
}
