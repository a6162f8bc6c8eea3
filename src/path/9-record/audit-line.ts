import { tameJson } from '../../printable.ts'
import type { AuditRecord } from './audit-record.ts'
import type { CandidateRecord } from './candidates.ts'
import type { HiddenNames } from './hide-names.ts'
import { withoutContent, withoutQuotes, withoutQuotesIn } from './without-content.ts'

const MAX_PATH = 512

/** Bytes. A longer line gives up its facts: policies bound them, but a policy may be generous. */
const MAX_LINE = 1024 * 1024

export interface LineOptions {
  /** Null where names stay as they came. */
  readonly hidden: HiddenNames | null
  /** Null where there is no candidate, or it agrees. */
  readonly candidate: CandidateRecord | null
}

/**
 * The record as one line of JSON with its line end: enough to decide again, and nothing of the content. What a client
 * chose stands in JSON strings only, and the query, where applications put tokens, is left out.
 */
export function auditLine(
  record: AuditRecord,
  { hidden, candidate }: LineOptions = { hidden: null, candidate: null },
): Buffer {
  const { time, target, facts, findings, problems, duration, timings, ownFields, ...rest } = record
  const kept = facts && withoutContent(facts)
  const tame = hidden?.violation ?? withoutQuotes
  const entry = {
    time: new Date(time).toISOString(),
    ...rest,
    facts: kept && hidden ? hidden.facts(kept) : kept,
    duration: toMicroseconds(duration),
    timings: Object.fromEntries(Object.entries(timings).map(([stage, spent]) => [stage, toMicroseconds(spent)])),
    path: target === null ? null : pathOf(record, target, hidden),
    findings: hidden
      ? findings.map((finding) => ({ ...finding, violation: tame(finding.violation) }))
      : withoutQuotesIn(findings),
    problems: problems.map(tame),
    ...(hidden && { hashed: { lost: hidden.lost(), kept: ownFields } }),
    ...(candidate && { candidate }),
  }
  const line = toLine(entry)
  if (line.length <= MAX_LINE) return line
  return toLine({ ...entry, facts: null, findings: [], problems: entry.problems.slice(0, 1), cut: true })
}

/** Milliseconds with as many digits as mean something. */
function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}

function toLine(entry: object): Buffer {
  return Buffer.from(`${tameJson(JSON.stringify(entry))}\n`)
}

/** A request that was relayed is no upload: its path names what the service has, not what a client brought. */
function pathOf({ policy, route }: AuditRecord, target: string, hidden: HiddenNames | null): string {
  const path = auditPath(target)
  return hidden === null || (policy === null && route !== null) ? path : hidden.path(path)
}

/** Printable ASCII, without query and fragment, cut; a terminal or a log reader may be shown it. */
function auditPath(target: string): string {
  const [path = ''] = target.slice(0, MAX_PATH + 1).split(/[?#]/, 1)
  const printable = path.replace(/[^!-~]/gu, (character) =>
    // Node reads the bytes of a target as Latin-1.
    Array.from(
      Buffer.from(character, character <= '\xFF' ? 'latin1' : 'utf8'),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  )
  return printable.length <= MAX_PATH ? printable : `${printable.slice(0, MAX_PATH - 3)}...`
}
