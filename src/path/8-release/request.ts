import type { SigningKey } from '../../signatures/signing-key.ts'
import { requestHeaders } from '../../upstream/request-headers.ts'
import type { Upstream } from '../../upstream/upstream.ts'
import type { UpstreamRequest } from '../../upstream/upstream-request.ts'
import type { InboundRequest, Verdict } from '../types.ts'
import type { Composed } from './compose.ts'
import { contentDigest } from './content-digest.ts'
import { hasField, idempotencyField } from './idempotency-key.ts'
import { prove } from './proof.ts'
import { removedList, verdictHeaders } from './verdict-headers.ts'

interface ReleaseContext {
  readonly request: InboundRequest
  readonly policy: { readonly name: string }
  readonly upstream: Upstream
  readonly signal: AbortSignal
  /** More fields of a release that a person decided on, name and value by turns; its verdict is told as `reviewed`. */
  readonly reviewed?: readonly string[]
}

/** The request that carries a composed upload upstream, and what the answer tells the client besides. */
export interface Release {
  readonly request: UpstreamRequest
  /** Name and value by turns. */
  readonly answerHeaders: readonly string[]
}

/** For an upstream that has a key, reads the body once, and rejects with the errors of that or the reason of the signal. */
export async function releaseRequest(
  { request, policy, upstream, signal, reviewed }: ReleaseContext,
  { body, files }: Composed,
  verdict: Verdict,
): Promise<Release> {
  const { sign = null, retryFor, idempotencyKey: keyName = null } = upstream.config
  const whole = body.whole()
  const extra = [...verdictHeaders(policy.name, verdict, files, reviewed !== undefined), ...(reviewed ?? [])]
  if (keyName !== null && !hasField(extra, keyName)) extra.push(...idempotencyField(keyName, request))
  if (sign) extra.push('Content-Digest', await contentDigest(whole ?? body.chunks(), signal))
  const described = { type: body.contentType, length: body.contentLength }
  const headers = requestHeaders(request, { body: described, extra, signed: sign !== null, replaced: keyName })
  return {
    request: {
      method: request.method,
      path: request.target,
      headers: sign ? signed(sign, request, headers) : headers,
      body: whole ?? (() => body.chunks()),
      lane: 'upload',
      retryFor,
      repeatable: keyName !== null,
      signal,
    },
    answerHeaders: verdict.action === 'strip' ? ['Sluice-Removed', removedList(verdict)] : [],
  }
}

function signed(key: SigningKey, { method, target }: InboundRequest, headers: string[]): (backend: URL) => string[] {
  return ({ protocol }) => [...headers, ...prove(key, { method, target, headers }, protocol)]
}
