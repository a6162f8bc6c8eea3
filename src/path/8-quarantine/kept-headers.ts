import { nominated } from '../../upstream/hop-by-hop.ts'
import type { InboundRequest } from '../types.ts'

/** What no policy can keep: it belongs to a connection, to the body as it came, or to a gateway. */
const never =
  /^(?:connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|host|via|forwarded|http2-settings|proxy|proxy-.*|x-forwarded-.*|x-real-ip|x-request-id|traceparent|tracestate|sluice-.*|content-(?!language$).*)$/

/**
 * The header fields that a kept request may be sent again with, name and value by turns: those that the policy names,
 * spelled as it names them. A name in another spelling (`X_Requested_With`) is another one.
 */
export function keptHeaders({ rawHeaders, headers }: InboundRequest, allowed: readonly string[]): string[] {
  const names = new Set(allowed.filter((name) => !never.test(name)))
  const { connection } = headers
  const drop = typeof connection === 'string' ? nominated(connection) : null
  const kept: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const lower = name.toLowerCase()
    if (names.has(lower) && !drop?.has(lower)) kept.push(name, rawHeaders[index + 1] ?? '')
  }
  return kept
}
