import { randomUUID } from 'node:crypto'
import { freshBytes } from '../../random.ts'

/** Trace context to send on (W3C Trace Context, level 1). */
export interface TraceContext {
  readonly traceparent: string
  readonly tracestate: string | null
}

const acceptable = /^[A-Za-z0-9_.-]{1,64}$/

/** The X-Request-Id of a trusted peer where it is harmless in logs and paths, else a fresh random one. */
export function requestId(sent: string | undefined, trusted: boolean): string {
  return trusted && sent !== undefined && acceptable.test(sent) ? sent : randomUUID()
}

/** version-traceid-parentid-flags; a later version may append more fields, version 00 may not. */
const traceparentForm = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * Continues the sender's trace under a parent id of our own, whoever the sender is: a trace id is no proof of anything
 * and a trace that ends at the gateway helps nobody. What is not valid is dropped together with its tracestate.
 * A trace begun here is marked as sampled, since a backend that samples by its parent would otherwise record nothing.
 */
export function traceContext(traceparent: string | undefined, tracestate: string | undefined): TraceContext {
  const [, version, traceId = '', parentId = '', flags = '', more] = traceparentForm.exec(traceparent ?? '') ?? []
  const valid = version !== undefined && version !== 'ff' && (version !== '00' || more === undefined)
  if (!valid || isZero(traceId) || isZero(parentId)) {
    return { traceparent: `00-${randomHex(16)}-${randomHex(8)}-01`, tracestate: null }
  }
  const sampled = Number.parseInt(flags, 16) & 1
  return { traceparent: `00-${traceId}-${randomHex(8)}-0${sampled}`, tracestate: boundTracestate(tracestate ?? '') }
}

function isZero(id: string): boolean {
  return /^0*$/.test(id)
}

const maxMembers = 32
const maxLength = 512
const member = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/

/** Whole members from the left, as far as 512 characters go; null where a member is malformed or none is left. */
export function boundTracestate(tracestate: string): string | null {
  const members = tracestate
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
  if (members.length > maxMembers || !members.every((text) => member.test(text))) return null
  let kept = ''
  for (const text of members) {
    const longer = kept === '' ? text : `${kept},${text}`
    if (longer.length > maxLength) break
    kept = longer
  }
  return kept === '' ? null : kept
}

function randomHex(bytes: number): string {
  for (;;) {
    const hex = freshBytes(bytes).toString('hex')
    if (!isZero(hex)) return hex
  }
}
