import type { Ceilings } from '../../policy/ceilings.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import type { InboundRequest } from '../types.ts'

/** Length of the body as the headers announce it; null for a chunked body. */
export function announcedLength(request: InboundRequest): number | null {
  return request.body.kind === 'length' ? request.body.length : request.body.kind === 'none' ? 0 : null
}

/**
 * What the headers alone refuse, before a byte of the body is read. A body that announces more than the policy takes is
 * not refused here but judged by the policy, on what is known of it: see `exceedsCeiling`.
 */
export function refuseHeaders(request: InboundRequest): Violation | null {
  if (request.headers['content-range'] !== undefined) return violation('body.partial')
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding === '' || encoding === 'identity') return null
  return violation('body.encoding')
}

export function exceedsCeiling(request: InboundRequest, ceilings: Ceilings): boolean {
  return (announcedLength(request) ?? 0) > ceilings.requestSize
}
