import { isNeverKept } from '../../policy/kept-headers.ts'
import { nominated } from '../../upstream/hop-by-hop.ts'
import type { InboundRequest } from '../types.ts'

/**
 * The header fields that a kept request may be sent again with, name and value by turns: those that the policy names,
 * spelled as it names them. A name in another spelling (`X_Requested_With`) is another one.
 */
export function keptHeaders({ rawHeaders, headers }: InboundRequest, allowed: readonly string[]): string[] {
  const names = new Set(allowed.filter((name) => !isNeverKept(name)))
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
