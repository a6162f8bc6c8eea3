import type { Policy } from '../../policy/policy.ts'
import type { Entry, EntryPart } from '../../quarantine/entry.ts'
import { entryId } from '../../quarantine/entry-id.ts'
import type { QuarantineStore } from '../../quarantine/store.ts'
import type { HeldPart, InboundRequest, UploadFacts, Verdict } from '../types.ts'
import { keptFacts } from './kept-facts.ts'
import { keptHeaders } from './kept-headers.ts'

/** A refused upload with all that is known of it; its parts are held as long as it is being kept. */
export interface RefusedUpload {
  readonly request: InboundRequest
  readonly policy: Pick<Policy, 'name' | 'owner' | 'quarantine'>
  /** The route's path pattern, as the configuration has it. */
  readonly route: string
  /** Name of the upstream. */
  readonly upstream: string
  /** Hash of the configuration. */
  readonly configuration: string
  readonly channel: 'multipart' | 'raw'
  readonly parts: readonly HeldPart[]
  readonly facts: UploadFacts
  readonly verdict: Verdict
}

/**
 * `incomplete`: not all of the upload was read, so that there is nothing whole to keep. `aborted`: the signal's doing,
 * the deadline's included. The others are the store's words.
 */
export type KeptRefused =
  | { readonly id: string }
  | { readonly id: null; readonly reason: 'incomplete' | 'aborted' | 'full' | 'failed'; readonly detail: string }

/** Keeps a refused upload for review, within `deadline` milliseconds. Rejects only on faults of the store's own. */
export async function keepRefused(
  store: Pick<QuarantineStore, 'keep'>,
  refused: RefusedUpload,
  { deadline, signal }: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<KeptRefused> {
  if (!isWhole(refused)) return { id: null, reason: 'incomplete', detail: 'not all of it was read' }
  const entry = entryOf(refused, Date.now())
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(deadline)])
  try {
    const kept = await store.keep(entry, () => contentsOf(refused.parts), bounded)
    return kept.kept ? { id: entry.id } : { id: null, reason: kept.reason, detail: kept.detail }
  } catch (error) {
    if (!bounded.aborted) throw error
    const detail = signal.aborted ? 'the request was broken off' : `it was not kept within ${deadline} ms`
    return { id: null, reason: 'aborted', detail }
  }
}

function isWhole({ facts, parts }: RefusedUpload): boolean {
  return facts.complete && parts.every((part) => part.kind === 'field' || part.sha256 !== null)
}

export function entryOf(refused: RefusedUpload, time: number): Entry {
  const { request, policy, facts, parts } = refused
  const declared = new Map(facts.files.map((file) => [file.part, file.declaredType]))
  return {
    version: 1,
    id: entryId(time),
    time,
    requestId: request.id,
    client: request.client.address,
    route: refused.route,
    policy: policy.name,
    owner: policy.owner,
    configuration: refused.configuration,
    upstream: refused.upstream,
    request: requestOf(request, policy.quarantine.headers),
    channel: refused.channel,
    facts: keptFacts(facts),
    findings: refused.verdict.findings,
    parts: parts.map((part) => entryPart(part, declared)),
  }
}

function requestOf(request: InboundRequest, allowed: readonly string[]): Entry['request'] {
  const { method, target, host, traceparent, tracestate, client } = request
  const { scheme, forwardedFor } = client
  const headers = keptHeaders(request, allowed)
  const sent = { method, target, host, traceparent, tracestate, scheme, forwardedFor, headers }
  return client.host === host ? sent : { ...sent, forwardedHost: client.host }
}

function entryPart(part: HeldPart, declared: ReadonlyMap<number, string | null>): EntryPart {
  const { part: ordinal, name, filename, contentType } = part.header
  if (part.kind === 'field') {
    return { kind: 'field', part: ordinal, name, filename: null, contentType, size: part.value.length, sha256: null }
  }
  const { content, sha256 } = part
  const type = declared.get(ordinal) ?? null
  return { kind: 'file', part: ordinal, name, filename: filename ?? '', contentType: type, size: content.size, sha256 }
}

/** Contents of the parts, one after another. */
export async function* contentsOf(parts: readonly HeldPart[]): AsyncGenerator<Buffer> {
  for (const part of parts) {
    if (part.kind === 'file') yield* part.content.chunks()
    else if (part.value.length > 0) yield part.value
  }
}
