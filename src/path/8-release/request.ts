import { requestHeaders } from '../../upstream/request-headers.ts'
import type { Upstream } from '../../upstream/upstream.ts'
import type { UpstreamRequest } from '../../upstream/upstream-request.ts'
import type { InboundRequest, Verdict } from '../types.ts'
import type { Composed } from './compose.ts'
import { removedList, verdictHeaders } from './verdict-headers.ts'

interface ReleaseContext {
  readonly request: InboundRequest
  readonly policy: { readonly name: string }
  readonly upstream: Upstream
  readonly signal: AbortSignal
}

/** The request that carries a composed upload upstream, and what the answer tells the client besides. */
export function releaseRequest(
  { request, policy, upstream, signal }: ReleaseContext,
  { body, files }: Composed,
  verdict: Verdict,
): { readonly request: UpstreamRequest; readonly answerHeaders: readonly string[] } {
  const headers = requestHeaders(request, {
    body: { type: body.contentType, length: body.contentLength },
    extra: verdictHeaders(policy.name, verdict, files),
  })
  return {
    request: {
      method: request.method,
      path: request.target,
      headers,
      body: body.whole() ?? (() => body.chunks()),
      lane: 'upload',
      retryFor: upstream.config.retryFor,
      signal,
    },
    answerHeaders: verdict.action === 'strip' ? ['Sluice-Removed', removedList(verdict)] : [],
  }
}
