/** What the load generator is told to do, and what it tells of it. */
export type Order = Uploads | Requests

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

export interface ReportOf {
  readonly uploads: UploadsReport
  readonly requests: RequestsReport
}

export type Reply = { readonly report: UploadsReport | RequestsReport } | { readonly failed: string }
