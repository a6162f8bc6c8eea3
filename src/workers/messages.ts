import type { Material } from '../config/load.ts'
import type { ChangeWay } from '../gateway/change.ts'
import type { Lease } from '../limits/leases.ts'
import type { Ask, BucketAsk, Stand } from '../limits/store.ts'
import type { MetricsReport } from '../metrics/registry.ts'
import type { Readiness } from '../operations/readiness.ts'
import type { Address } from '../path/1-connection/listeners.ts'

/** What a worker starts with. */
export interface Beginning {
  readonly material: Material
  /** Its place among them, from 1; one that takes the place of another has its number. */
  readonly worker: number
  readonly workers: number
}

/** Of audit lines, what is on the file, and the error that ended the writing early. */
export interface Appended {
  readonly written: number
  readonly error: { readonly message: string; readonly code?: string } | null
}

/** A later one has the higher number: what is asked for and what comes by itself may overtake each other. */
export interface NumberedReport {
  readonly order: number
  readonly report: MetricsReport
}

/** What the primary can be asked. Types and not interfaces, so that they are `Questions`. */
export type PrimaryQuestions = {
  hello: [value: null, answer: Beginning]
  /** Wants no answer: the worker serves clients from now on, or cannot start and says why. */
  ready: [value: readonly Address[], answer: void]
  cannotStart: [value: string, answer: void]
  /** Comes again and again, also as a sign of life. */
  report: [value: NumberedReport, answer: void]
  /** Wants no answer: all is closed; so many requests had to be ended. */
  stopped: [value: number, answer: void]
  /** Whole lines. */
  appendAudit: [value: Uint8Array, answer: Appended]
  /** As `EntryRoom`. */
  reserveRoom: [value: number, answer: number | null]
  settleRoom: [value: { readonly bytes: number; readonly id: string | null }, answer: void]
  /** As `LimitStore`. */
  takeLimits: [value: readonly Ask[], answer: readonly Stand[]]
  chargeLimits: [value: readonly BucketAsk[], answer: void]
  leaveLimits: [value: readonly Lease[], answer: void]
}

/** What a worker can be asked. */
export type WorkerQuestions = {
  /** For a scrape. */
  metrics: [value: null, answer: NumberedReport]
  readiness: [value: null, answer: Readiness]
  /** Requests in flight. */
  remaining: [value: null, answer: number]
  /** Opens and proves it beside the one in force; the answer is a sentence that says why it cannot, or null. */
  prepareChange: [value: { readonly material: Material; readonly way: ChangeWay }, answer: string | null]
  /** Want no answer: what was prepared comes into force, or is closed again. */
  commitChange: [value: null, answer: void]
  discardChange: [value: null, answer: void]
  /** Wants no answer: a trial is over for good. */
  settleChange: [value: null, answer: void]
  /** Wants no answer: `stopped` comes when it is done. */
  drain: [value: null, answer: void]
}
