import { tameJson } from '../printable.ts'
import type { LedgerRecord, WrittenRecord } from './ledger.ts'

/** Characters of UTF-16. */
const longestText = 2000
/** Bytes: a line is one write, and a file of such lines stays readable. */
const longestDetails = 16 * 1024

/** The record as one line of JSON with its line end. */
export function ledgerLine({ action, who, why, subject, details }: LedgerRecord, time: Date): Buffer {
  const told = Buffer.byteLength(JSON.stringify(details)) <= longestDetails ? details : { cut: true }
  const entry = { time: time.toISOString(), action, who: cut(who), why: cut(why), subject: cut(subject), details: told }
  return Buffer.from(`${tameJson(JSON.stringify(entry))}\n`)
}

/** How a subject stands in the lines that are about it. */
export function writtenSubject(subject: string): string {
  return tameJson(JSON.stringify(cut(subject)))
}

/** Null for what is no record: a line torn by a crash, or of another program. */
export function readLedgerLine(line: string): WrittenRecord | null {
  const entry = parse(line)
  return isRecord(entry) ? entry : null
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function isRecord(entry: unknown): entry is WrittenRecord {
  if (typeof entry !== 'object' || entry === null || !('details' in entry)) return false
  const texts = ['time', 'action', 'who', 'why', 'subject'].every(
    (key) => key in entry && typeof entry[key as keyof typeof entry] === 'string',
  )
  return texts && typeof entry.details === 'object' && entry.details !== null
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1).toWellFormed()}…`
}
