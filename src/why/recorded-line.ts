import type { FileFacts, Finding } from '../path/types.ts'
import { isProblemId, type ProblemId } from '../problems/catalogue.ts'
import type { Violation } from '../problems/violation.ts'
import { isUploadFacts } from '../replay/recorded-facts.ts'
import { type Data, isAmount, isData, isText, listOf, optional, orNull, shape } from '../replay/shapes.ts'

/** A line of an audit, as far as it explains what became of the request. */
export interface RecordedLine {
  readonly requestId: string
  readonly time: string
  readonly client: string
  readonly method: string | null
  readonly host: string | null
  readonly path: string | null
  readonly lane: string
  readonly route: string | null
  readonly policy: string | null
  readonly configuration: string
  readonly status: number | null
  readonly outcome: string
  readonly verdict: string | null
  readonly backend?: 'untouched' | 'unknown' | null
  readonly findings: readonly Finding[]
  readonly problems: readonly Violation[]
  readonly limits: readonly { readonly limit: string; readonly decision: string }[]
  readonly quarantine: string | null
  readonly duration: number
  readonly timings: Readonly<Record<string, number>>
  readonly bytes: { readonly received: number; readonly released: number; readonly answered: number }
  readonly upstream: { readonly name: string; readonly status: number | null; readonly failure: string | null } | null
  readonly candidate?: { readonly policy: string; readonly change: string; readonly gaps: readonly string[] }
}

const violation = shape({
  id: isId,
  failed: isText,
  expected: isText,
  part: optional(isAmount),
  file: optional(isText),
})

const line = shape({
  requestId: isText,
  time: isText,
  client: isText,
  method: orNull(isText),
  host: orNull(isText),
  path: orNull(isText),
  lane: isText,
  route: orNull(isText),
  policy: orNull(isText),
  configuration: isText,
  status: orNull(isAmount),
  outcome: isText,
  verdict: orNull(isText),
  backend: optional(orNull(isText)),
  findings: listOf(shape({ rule: isId, mode: isText, violation })),
  problems: listOf(violation),
  limits: listOf(shape({ limit: isText, decision: isText })),
  quarantine: orNull(isText),
  duration: isAmount,
  timings: (value) => isData(value) && Object.values(value).every(isAmount),
  bytes: shape({ received: isAmount, released: isAmount, answered: isAmount }),
  upstream: orNull(shape({ name: isText, status: orNull(isAmount), failure: orNull(isText) })),
  candidate: optional(shape({ policy: isText, change: isText, gaps: listOf(isText) })),
})

function isId(value: unknown): value is ProblemId {
  return isText(value) && isProblemId(value)
}

function isRecordedLine(entry: Data): entry is Data & RecordedLine {
  return line(entry)
}

export interface Explainable {
  /** As it stands in the audit. */
  readonly entry: Data & RecordedLine
  readonly files: readonly FileFacts[]
}

/** Null where it is no whole line of an audit. */
export function readLine(text: Buffer): Explainable | null {
  try {
    const entry: unknown = JSON.parse(text.toString())
    if (!isData(entry) || !isRecordedLine(entry)) return null
    const { facts } = entry
    return { entry, files: isUploadFacts(facts) ? facts.files : [] }
  } catch {
    return null
  }
}
