import type { FloodReport, ProbeReport, SlowReport, SteadyReport } from '../load/order.ts'
import type { Memory } from '../processes/usage.ts'

/** How plain GETs fared while something else went on. */
export interface Observed<Report> {
  readonly gets: ProbeReport
  readonly load: Report
}

export interface SlowReportWithCosts extends SlowReport {
  /** Bytes: before the first upload, and the most from then on. Null where nothing stands between. */
  readonly memory: { readonly before: Memory; readonly peak: Memory } | null
  /** CPU seconds of the contender for each second of the load. */
  readonly cpu: number
}

export interface FloodReportWithCosts extends FloodReport {
  /** CPU seconds of the backend for each second of the load. */
  readonly backend: number
}

/** What was seen of one contender in one round. */
export interface Turn {
  readonly idle: ProbeReport
  readonly slow: Observed<SlowReportWithCosts>
  readonly flood: Observed<FloodReportWithCosts>
  /** Of Sluice only. */
  readonly bombs: Observed<FloodReport> | null
}

/** Of Sluice with a scanner. */
export interface ScannerTurn {
  readonly idle: ProbeReport
  readonly hung: Observed<SteadyReport>
}

export interface Row<T> {
  readonly name: string
  readonly turns: readonly T[]
  /** Why rounds are missing: a program that is not installed, or a contender that failed. */
  readonly failures: readonly string[]
}

export interface LanesResult {
  readonly rows: readonly Row<Turn>[]
  readonly scanner: Row<ScannerTurn>
}
