import { tameJson } from '../../printable.ts'
import type { AuditRecord } from './audit-record.ts'

const MAX_PATH = 512

/** Bytes. A longer line gives up its facts: policies bound them, but a policy may be generous. */
const MAX_LINE = 1024 * 1024

/**
 * The record as one line of JSON with its line end. What a client chose stands in JSON strings only, and the query,
 * where applications put tokens, is left out.
 */
export function auditLine(record: AuditRecord): Buffer {
  const { time, target, findings, problems, duration, timings, ...rest } = record
  const entry = {
    time: new Date(time).toISOString(),
    ...rest,
    duration: toMicroseconds(duration),
    timings: Object.fromEntries(Object.entries(timings).map(([stage, spent]) => [stage, toMicroseconds(spent)])),
    path: target === null ? null : auditPath(target),
    findings,
    problems,
  }
  const line = toLine(entry)
  if (line.length <= MAX_LINE) return line
  return toLine({ ...entry, facts: null, findings: [], problems: problems.slice(0, 1), cut: true })
}

/** Milliseconds with as many digits as mean something. */
function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}

function toLine(entry: object): Buffer {
  return Buffer.from(`${tameJson(JSON.stringify(entry))}\n`)
}

/** Printable ASCII, without query and fragment, cut; a terminal or a log reader may be shown it. */
function auditPath(target: string): string {
  const [path = ''] = target.slice(0, MAX_PATH + 1).split(/[?#]/, 1)
  const printable = path.replace(/[^!-~]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
  return printable.length <= MAX_PATH ? printable : `${printable.slice(0, MAX_PATH - 3)}...`
}
