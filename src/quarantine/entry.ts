import type { Finding, InboundRequest, UploadFacts } from '../path/types.ts'

/** A part of a kept request; contents stand one after another in the order of the parts. */
export interface EntryPart {
  readonly kind: 'field' | 'file'
  /** Ordinal from 1. */
  readonly part: number
  readonly name: string
  /** Null for a field. */
  readonly filename: string | null
  /** As it travels on: of a file the declared type as it was judged, of a field JSON or XML; else null. */
  readonly contentType: string | null
  readonly size: number
  /** Lower-case hexadecimal; null for a field. */
  readonly sha256: string | null
}

/** A refused request that is kept for a person to review: plain data, whatever it is stored in. */
export interface Entry {
  readonly version: 1
  /** UUIDv7, so that ids sort by time. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly requestId: string
  readonly client: string
  readonly route: string
  readonly policy: string
  readonly owner: string | null
  /** Hash of the configuration that refused it. */
  readonly configuration: string
  /** Name of the upstream that it was meant for. */
  readonly upstream: string
  /** What is sent again: everything that the policy allows of the request line and the header section. */
  readonly request: Pick<InboundRequest, 'method' | 'target' | 'host' | 'traceparent' | 'tracestate'> & {
    readonly scheme: 'http' | 'https'
    readonly forwardedFor: readonly string[]
    /** The host that a trusted proxy says the client asked for, where it is another one. */
    readonly forwardedHost?: string
    /** Name and value by turns. */
    readonly headers: readonly string[]
  }
  readonly channel: 'multipart' | 'raw'
  readonly facts: UploadFacts
  readonly findings: readonly Finding[]
  readonly parts: readonly EntryPart[]
}
