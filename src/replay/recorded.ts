import type { Finding, UploadFacts } from '../path/types.ts'
import type { Decided } from '../policy/compare.ts'
import type { Reading } from '../policy/reading.ts'
import { ruleIds } from '../problems/catalogue.ts'
import { isUploadFacts } from './recorded-facts.ts'
import { type Data, isAmount, isData, isOrdinal, isText, listOf, oneOf, optional, orNull, shape } from './shapes.ts'

/** What every line of an audit says. */
export interface RecordedRequest {
  readonly requestId: string
  /** ISO 8601. */
  readonly time: string
  readonly method: string
  readonly host: string
  /** Printable, without the query. */
  readonly path: string
  readonly route: string | null
  readonly policy: string | null
}

/** An upload on which a policy decided, with all that deciding again needs. */
export interface RecordedUpload extends RecordedRequest {
  readonly facts: UploadFacts
  readonly reading: Reading
  readonly decided: Decided
}

export type Recorded =
  /** No line of an audit: torn, or of something else. */
  | { readonly kind: 'foreign' }
  /** Nothing that a policy could decide on. */
  | { readonly kind: 'other' }
  /** A body that went on without a policy, so that nobody looked into it. */
  | { readonly kind: 'relayed'; readonly request: RecordedRequest }
  /** An upload that ended before its policy decided, or whose line was too long for its facts. */
  | { readonly kind: 'unjudged'; readonly cut: boolean }
  | { readonly kind: 'upload'; readonly upload: RecordedUpload }

/** Reads one line. Whatever is in it: never throws. */
export function readRecorded(line: Buffer): Recorded {
  const entry = parse(line)
  if (entry === null || !isAuditLine(entry)) return { kind: 'foreign' }
  const { requestId, time, method, host, path, route, policy } = entry
  const { facts, lane } = entry
  if (facts === null) return withoutFacts(entry)
  if (lane !== 'upload' || !isText(method) || !isText(host) || !isText(path)) return { kind: 'foreign' }
  if (!isUploadFacts(facts) || !isJudged(entry)) return { kind: 'foreign' }
  const { reading, hashed = null, action, findings } = entry
  const request = { requestId, time, method, host, path, route, policy }
  return {
    kind: 'upload',
    upload: { ...request, facts, reading: { ...reading, hashed }, decided: { action, findings } },
  }
}

type AuditLine = Data & RecordedRequestLine
interface RecordedRequestLine extends Pick<RecordedRequest, 'requestId' | 'time' | 'route' | 'policy'> {
  readonly lane: string
}

const line = shape({
  requestId: isText,
  time: isText,
  lane: oneOf(['upload', 'interactive']),
  route: orNull(isText),
  policy: orNull(isText),
})

function isAuditLine(entry: Data): entry is AuditLine {
  return line(entry) && entry['facts'] !== undefined
}

interface Judged extends Decided {
  readonly reading: Omit<Reading, 'hashed'>
  readonly hashed?: Reading['hashed']
}

const rule = oneOf(ruleIds)

const unpacking = shape({ entries: isAmount, depth: isAmount, expanded: isAmount, ratio: isAmount })

const judged = shape({
  action: oneOf(['release', 'refuse', 'strip']),
  reading: shape({ stoppedBy: orNull(rule), unpacking }),
  hashed: optional(orNull(shape({ lost: listOf(isOrdinal), kept: listOf(isText) }))),
  findings: listOf(
    shape({
      rule,
      mode: oneOf(['enforce', 'report'] satisfies Finding['mode'][]),
      violation: shape({ part: optional(isOrdinal), failed: isText, expected: isText }),
    }),
  ),
})

function isJudged(entry: Data): entry is Data & Judged {
  return judged(entry)
}

function withoutFacts(entry: AuditLine): Recorded {
  const { method, host, path, bytes, requestId, time, route, policy } = entry
  if (entry.lane === 'upload') return { kind: 'unjudged', cut: entry['cut'] === true }
  const hasBody = isData(bytes) && isAmount(bytes['received']) && bytes['received'] > 0
  if (entry['outcome'] !== 'relayed' || !hasBody) return { kind: 'other' }
  if (!isText(method) || !isText(host) || !isText(path)) return { kind: 'foreign' }
  return { kind: 'relayed', request: { requestId, time, method, host, path, route, policy } }
}

function parse(text: Buffer): Data | null {
  try {
    const value: unknown = JSON.parse(text.toString())
    return isData(value) ? value : null
  } catch {
    return null
  }
}
