import type { LimitRecord } from '../../limits/limited-request.ts'
import type { Lane, Outcome, TimedStage } from '../../metrics/catalogue.ts'
import type { Reading } from '../../policy/reading.ts'
import type { Refusal, Violation } from '../../problems/violation.ts'
import type { FailureKind } from '../../upstream/failure-kind.ts'
import type { Finding, RewrittenFile, UploadFacts, Verdict } from '../types.ts'

/**
 * All that is kept of one request, put together once, when the request has ended in whatever way. Null means that the
 * request did not get as far as the stage that would have known it.
 */
export interface AuditRecord {
  /** Milliseconds since 1970 at the request line. */
  readonly time: number
  readonly requestId: string
  readonly traceparent: string | null
  /** Client address after the walk through the trusted proxies; the peer's before it. */
  readonly client: string
  /** The route's path pattern as the configuration has it, never the client's path: it becomes a label. */
  readonly route: string | null
  readonly lane: Lane
  readonly policy: string | null
  /** Hash of the configuration that the request was frozen with. */
  readonly configuration: string
  readonly method: string | null
  readonly host: string | null
  /** Request target as it was sent; the query is cut off before anything is written. */
  readonly target: string | null
  /** Status of the answer; null where none was sent. */
  readonly status: number | null
  readonly outcome: Outcome
  readonly facts: UploadFacts | null
  readonly findings: readonly Finding[]
  readonly verdict: Verdict['verdict'] | null
  readonly action: Verdict['action'] | null
  /** How far the upload was looked into; null where there are no facts. */
  readonly reading: Pick<Reading, 'stoppedBy' | 'unpacking'> | null
  /** Names of fields that the policy has itself. */
  readonly ownFields: readonly string[]
  /** Files that travelled with other bytes than came. */
  readonly rewritten: readonly RewrittenFile[]
  /** Limits that refused, would have refused, or could not be asked. */
  readonly limits: readonly LimitRecord[]
  /** Id of the entry in the quarantine; null where nothing was kept. */
  readonly quarantine: string | null
  /** Violations of the refusal that was answered, the one that gave the status first. */
  readonly problems: readonly Violation[]
  /** What a backend had seen of a refused or failed request: whether sending it again is safe. Null where it was neither. */
  readonly backend: Refusal['backend'] | null
  /** Milliseconds from the request line to the end of the answer. */
  readonly duration: number
  /** Milliseconds in each stage that the request reached. */
  readonly timings: { readonly [Stage in TimedStage]?: number }
  readonly bytes: {
    /** Body bytes from the client. */
    readonly received: number
    /** Length of the body sent upstream, also where sending it was broken off; 0 where no backend got any of it. */
    readonly released: number
    /** Body bytes of the answer. */
    readonly answered: number
  }
  readonly upstream: UpstreamRecord | null
}

export interface UpstreamRecord {
  /** Name in the configuration. */
  readonly name: string
  /** Null where it gave no answer. */
  readonly status: number | null
  /** Why it gave no answer; null where it did, or where the client left first. */
  readonly failure: FailureKind | null
}
