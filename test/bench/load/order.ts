/** What the load generator is told to do, and what it tells of it. */
export type Order = Uploads | Requests | Probe | Load

export interface Uploads {
  readonly kind: 'uploads'
  readonly port: number
  /** Bytes of each file. */
  readonly fileSize: number
  readonly count: number
  readonly inFlight: number
  /** Every upload but for its last byte, before any of them gets it: `inFlight` uploads are held at once for certain. */
  readonly together: boolean
}

/** Requests over kept connections, each sent when the one before it has been answered. */
export interface Requests {
  readonly kind: 'requests'
  readonly port: number
  readonly what: 'document' | 'get'
  readonly connections: number
  /** Ends when either is reached. */
  readonly seconds: number
  readonly most: number
}

/** GETs at a fixed pace, whatever becomes of the ones before. */
export interface Probe {
  readonly kind: 'probe'
  readonly port: number
  /** GETs in a second. */
  readonly rate: number
  readonly seconds: number
}

/** What goes on until the generator is told to stop. */
export type Load = Flood | Slow | Steady

/** As many uploads as are answered, each connection one at a time. */
export interface Flood {
  readonly kind: 'flood'
  readonly port: number
  readonly connections: number
  /** A size, for noise, or a file of this machine. */
  readonly content: number | string
  /** What has to become of each. */
  readonly expected: 'received' | 'refused'
}

/** Uploads that all go on at once, each with a piece of its file at a time, and none of which is whole at the end. */
export interface Slow {
  readonly kind: 'slow'
  readonly port: number
  readonly uploads: number
  readonly fileSize: number
  /** Bytes of each piece, and the milliseconds from one to the next. */
  readonly piece: number
  readonly period: number
  /** How many get the rest of their file at the end, as fast as it is taken. */
  readonly finish: number
}

/** Small pictures at a fixed pace, each over a connection of its own, to a policy with a scanner. */
export interface Steady {
  readonly kind: 'steady'
  readonly port: number
  /** Uploads in a second. */
  readonly rate: number
}

export interface UploadsReport {
  readonly seconds: number
  /** Bytes of the files. */
  readonly bytes: number
  /** From the last byte's leaving to the answer: the median, in milliseconds. */
  readonly wait: number
}

export interface RequestsReport {
  readonly seconds: number
  readonly requests: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** How often something happened, by a word of the benchmark's own: `status 503`, `closed`. */
export type Tally = Readonly<Record<string, number>>

/** How far a process kept to its schedule. */
export interface Punctuality {
  /** Milliseconds behind the schedule. */
  readonly late: { readonly p99: number; readonly max: number }
  /** The share of the time in which its thread was not idle: 0 to 1. */
  readonly busy: number
}

export interface ProbeReport extends Punctuality {
  readonly sent: number
  /** Milliseconds from the moment for which a GET was planned to its answer. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** What was not answered with 200 within the deadline. Those are no part of the times. */
  readonly failed: Tally
}

export interface FloodReport {
  readonly seconds: number
  /** Uploads that ended as expected, and the bytes of their files. */
  readonly uploads: number
  readonly bytes: number
  readonly failed: Tally
  readonly busy: number
}

export interface SlowReport extends Punctuality {
  /** Uploads that were begun, and those that had neither an answer nor an end when they were asked to stop. */
  readonly begun: number
  readonly alive: number
  /** Of those that got the rest of their file: how many there were, and how many arrived. */
  readonly asked: number
  readonly finished: number
  readonly failed: Tally
  /** Bytes in a second for each upload, on average over those that were alive to the end. */
  readonly rate: number
}

export interface SteadyReport extends Punctuality {
  readonly sent: number
  readonly answers: Tally
  /** Milliseconds from the moment for which an upload was planned to its answer: the median. */
  readonly wait: number
}

export interface ReportOf {
  readonly uploads: UploadsReport
  readonly requests: RequestsReport
  readonly probe: ProbeReport
  readonly flood: FloodReport
  readonly slow: SlowReport
  readonly steady: SteadyReport
}

/** To the generator, which does one thing at a time. */
export type Message = Order | { readonly kind: 'stop' }

/** `running`: a load has come to its full height. */
export type Reply =
  | { readonly report: ReportOf[keyof ReportOf] }
  | { readonly failed: string }
  | { readonly running: true }
