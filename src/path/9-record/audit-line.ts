import type { AuditRecord } from './audit-record.ts'

const MAX_PATH = 512

/** Bytes. A longer line gives up its facts: policies bound them, but a policy may be generous. */
const MAX_LINE = 1024 * 1024

/** What JSON leaves as it is, although it steers a terminal or turns the reading direction. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * The record as one line of JSON with its line end. What a client chose stands in JSON strings only, and the query,
 * where applications put tokens, is left out.
 */
export function auditLine(record: AuditRecord): Buffer {
  const { time, target, findings, problems, ...rest } = record
  const entry = {
    time: new Date(time).toISOString(),
    ...rest,
    path: target === null ? null : auditPath(target),
    findings,
    problems,
  }
  const line = toLine(entry)
  if (line.length <= MAX_LINE) return line
  return toLine({ ...entry, facts: null, findings: [], problems: problems.slice(0, 1), cut: true })
}

function toLine(entry: object): Buffer {
  return Buffer.from(`${JSON.stringify(entry).replace(UNSEEN, escapeUnits)}\n`)
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}

/** Printable ASCII, without query and fragment, cut; a terminal or a log reader may be shown it. */
function auditPath(target: string): string {
  const [path = ''] = target.slice(0, MAX_PATH + 1).split(/[?#]/, 1)
  const printable = path.replace(/[^!-~]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
  return printable.length <= MAX_PATH ? printable : `${printable.slice(0, MAX_PATH - 3)}...`
}
