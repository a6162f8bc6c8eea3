import { randomUUID } from 'node:crypto'
import type { LimitedRequest } from '../limits/limited-request.ts'
import type { Lane, Outcome } from '../metrics/catalogue.ts'
import { unpackingCeilings } from '../policy/ceilings.ts'
import { problem } from '../problems/catalogue.ts'
import type { Refusal } from '../problems/violation.ts'
import type { Sent } from '../upstream/send.ts'
import type { ChosenRoute } from './2-route/choose.ts'
import type { AuditRecord } from './9-record/audit-record.ts'
import { Stopwatch } from './stopwatch.ts'
import type { InboundRequest } from './types.ts'
import type { UploadResult } from './upload.ts'

/** How a request ended, whatever way it took. */
export type End =
  | Sent
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'upgraded' }
  /** By the gateway itself, to a question that is for it. */
  | { readonly kind: 'own'; readonly status: number; readonly bytes: number }

/** Gathers what the record of one request needs, on its way through the stages. */
export class Trail {
  readonly stopwatch = new Stopwatch()
  readonly #time = Date.now()
  readonly #configuration: string
  readonly #peer: string
  #ownId: string | null = null
  request: InboundRequest | null = null
  route: ChosenRoute | null = null
  upload: UploadResult | null = null
  /** Null where the route has none. */
  limits: LimitedRequest | null = null
  lane: Lane = 'interactive'
  end: End | null = null
  /** Whether a backend can have seen anything of the request. */
  touched = false
  /** Body bytes of a relayed request. */
  relayed = 0

  constructor(configuration: string, peer: string) {
    this.#configuration = configuration
    this.#peer = peer
  }

  /** What the answer and the record call the request; an id of its own where it never became one. */
  get requestId(): string {
    if (this.request) return this.request.id
    this.#ownId ??= randomUUID()
    return this.#ownId
  }

  /** The refusal that the client has to be told, if the request ended with one. */
  get refusal(): Refusal | null {
    return this.end?.kind === 'refused' || this.end?.kind === 'failed' ? this.end.refusal : null
  }

  /** Body bytes that came. */
  get received(): number {
    return this.upload?.received ?? this.relayed
  }

  record(): AuditRecord {
    const { request, route, upload, lane, stopwatch } = this
    return {
      time: this.#time,
      requestId: this.requestId,
      traceparent: request?.traceparent ?? null,
      client: request?.client.address ?? this.#peer,
      route: route?.name ?? null,
      lane,
      policy: route?.policy?.name ?? null,
      configuration: this.#configuration,
      method: request?.method ?? null,
      host: request?.host ?? null,
      target: request?.target ?? null,
      status: this.#status(),
      outcome: this.#outcome(),
      facts: upload?.facts ?? null,
      findings: upload?.verdict?.findings ?? [],
      verdict: upload?.verdict?.verdict ?? null,
      action: upload?.verdict?.action ?? null,
      reading: this.#reading(),
      ownFields: [...(route?.policy?.fields.allow ?? []), ...(route?.policy?.fields.require ?? [])],
      rewritten: upload?.rewritten ?? [],
      limits: this.limits?.records ?? [],
      quarantine: upload?.quarantine ?? null,
      problems: this.refusal?.violations ?? [],
      backend: this.refusal?.backend ?? null,
      duration: stopwatch.elapsed,
      timings: stopwatch.timings,
      bytes: {
        received: this.received,
        released: upload?.released ?? 0,
        answered: this.#answered(),
      },
      upstream: this.#upstream(),
    }
  }

  #reading(): AuditRecord['reading'] {
    const { route, upload } = this
    if (!upload?.facts || !route?.policy) return null
    return { stoppedBy: upload.stoppedBy, unpacking: unpackingCeilings(route.policy) }
  }

  #status(): number | null {
    const { end, refusal } = this
    if (refusal) return problem(refusal.violations[0].id).status
    return end === null ? null : statusOf(end)
  }

  #outcome(): Outcome {
    const { end, refusal } = this
    if (refusal) return outcomeOf(refusal)
    if (end?.kind === 'upgraded') return 'upgraded'
    if (end?.kind === 'own') return 'answered'
    if (end?.kind === 'broken') return end.by === 'client' ? 'aborted' : 'failed'
    if (end?.kind !== 'answered') return 'failed'
    if (!this.upload) return 'relayed'
    return this.upload.verdict?.action === 'strip' ? 'stripped' : 'released'
  }

  #answered(): number {
    return this.end !== null && 'bytes' in this.end ? this.end.bytes : 0
  }

  #upstream(): AuditRecord['upstream'] {
    const { end, route } = this
    if (!route || !end || end.kind === 'refused') return null
    const failure = 'failure' in end ? end.failure : null
    return { name: route.upstream, status: statusOf(end), failure }
  }
}

/** Of the backend's answer, whole or not. */
function statusOf(end: End): number | null {
  if (end.kind === 'upgraded') return 101
  return 'status' in end ? end.status : null
}

function outcomeOf(refusal: Refusal): Outcome {
  const [first] = refusal.violations
  if (first.id === 'body.aborted') return 'aborted'
  return problem(first.id).status < 500 ? 'refused' : 'failed'
}
