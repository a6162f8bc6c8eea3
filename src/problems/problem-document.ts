import { type ProblemId, problem } from './catalogue.ts'
import type { Refusal, Violation } from './violation.ts'

/** Of a request with more violations than this, the first ones are listed and the rest counted. */
export const MAX_LISTED = 50

/** Client-chosen names and sentences made with them are cut here, so that no answer grows with the request. */
const MAX_TEXT = 300

/** Seconds to wait where a retry is useful but nobody knows when. */
const DEFAULT_RETRY_AFTER = 5

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What the refusal itself does not know. */
export interface DocumentContext {
  readonly requestId: string
  /** Name and owner of the policy that decided; null where none did. */
  readonly policy: string | null
  readonly owner: string | null
}

/** The members of a problem document (RFC 9457); what follows `instance` are extensions of this project. */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly instance: string
  readonly policy: string | null
  readonly owner: string | null
  readonly problems: readonly Violation[]
  /** How many more there were than `problems` lists; absent where it lists all. */
  readonly omitted?: number
  /** The reference under which the request was kept for review; absent where it was not. */
  readonly quarantine?: string
  readonly retry: Retry
}

export interface Retry {
  /** The backend has certainly not acted on this request. */
  readonly safe: boolean
  /** The same bytes may succeed later. */
  readonly useful: boolean
  /** Seconds; null where a retry is not useful, or not safe. */
  readonly after: number | null
}

/** What the answer says of a refused request, whatever it is written as. */
export function problemDocument(refusal: Refusal, context: DocumentContext): ProblemDocument {
  const [first] = refusal.violations
  const { status, title } = problem(first.id)
  const omitted = refusal.violations.length - MAX_LISTED
  return {
    type: problemUrn(first.id),
    title,
    status,
    instance: requestUrn(context.requestId),
    policy: context.policy,
    owner: context.owner,
    problems: refusal.violations.slice(0, MAX_LISTED).map(listed),
    ...(omitted > 0 && { omitted }),
    ...(refusal.quarantine !== undefined && { quarantine: refusal.quarantine }),
    retry: retryOf(refusal),
  }
}

function problemUrn(id: ProblemId): string {
  return `urn:sluice:problem:${id}`
}

/** Ids that a trusted proxy chose need not be UUIDs, and `urn:uuid:` is for UUIDs only (RFC 9562, section 4). */
function requestUrn(id: string): string {
  return UUID.test(id) ? `urn:uuid:${id.toLowerCase()}` : `urn:sluice:request:${encodeURIComponent(id)}`
}

/** Written member by member: the order is part of the answer, and nothing else that a caller hangs on may leak. */
function listed(violation: Violation): Violation {
  const { id, part, field, file, offset, failed, expected } = violation
  return {
    id,
    ...(part !== undefined && { part }),
    ...(field !== undefined && { field: cut(field) }),
    ...(file !== undefined && { file: cut(file) }),
    ...(offset !== undefined && { offset }),
    failed: cut(failed),
    expected: cut(expected),
  }
}

/** By code points, so that no character is cut in two; by units first, so that a long text costs nothing. */
function cut(text: string): string {
  if (text.length <= MAX_TEXT) return text
  const head = Array.from(text.slice(0, 2 * MAX_TEXT + 1))
  return head.length <= MAX_TEXT ? text : `${head.slice(0, MAX_TEXT - 1).join('')}…`
}

/**
 * One violation that no waiting mends makes a retry useless. A client that obeys Retry-After sends again without
 * asking anyone, so a time is given only where that cannot act twice.
 */
function retryOf(refusal: Refusal): Retry {
  const safe = refusal.backend === 'untouched'
  const useful = refusal.violations.every(({ id }) => problem(id).retry === 'later')
  const after = Math.max(1, Math.ceil(refusal.retryAfter ?? DEFAULT_RETRY_AFTER))
  return { safe, useful, after: safe && useful ? after : null }
}
