import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Changes } from '../changes/changes.ts'
import type { Metrics } from '../metrics/registry.ts'
import type { QuarantineReview } from '../quarantine/review/review.ts'
import type { CheckReadiness } from './readiness.ts'

/** What the pages answer from. */
export interface OperationsOptions {
  readonly address: { readonly host: string; readonly port: number }
  /** Null: whoever reaches the address may ask. */
  readonly token: string | null
  readonly metrics: Pick<Metrics, 'contentType' | 'render'>
  readonly ready: CheckReadiness
  /** Null where the configuration has no quarantine. */
  readonly quarantine: QuarantineReview | null
  /** Null where the configuration cannot be changed while the gateway runs. */
  readonly changes: Changes | null
}

export interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly options: OperationsOptions
  /** What the groups of the address matched, not decoded. */
  readonly at: readonly string[]
}

export interface Page {
  /** Matched against the whole path, as it was sent. */
  readonly address: RegExp
  /**
   * `open`: everybody may ask. `token`: who brings the token. `own`: besides, no browser may have been led here by a page
   * of somebody else.
   */
  readonly access: 'open' | 'token' | 'own'
  /** A page that takes GET takes HEAD too. */
  readonly methods: Readonly<Record<string, (call: Call) => Promise<void>>>
}
