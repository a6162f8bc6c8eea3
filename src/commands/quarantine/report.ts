import { counted, sizeInWords } from '../../policy/words.ts'
import { jsonDocument, printable } from '../../printable.ts'
import type { EntryPart } from '../../quarantine/entry.ts'
import { timeOf } from '../../quarantine/entry-id.ts'
import type { QuarantineReview } from '../../quarantine/review/review.ts'
import type { ReviewState } from '../../quarantine/review/state.ts'
import {
  type Summary,
  summaryOf,
  type ToldAttempt,
  type ToldEntry,
  toldEntry,
} from '../../quarantine/review/summary.ts'
import type { UnreadableEntry } from '../../quarantine/store.ts'
import { padded, wrapped } from '../../terminal/text.ts'
import { exits } from '../arguments.ts'
import type { Told } from './decide.ts'

export async function list(review: QuarantineReview, json: boolean): Promise<Told> {
  const { entries, unreadable } = await review.list()
  const summaries = entries.map(summaryOf)
  if (json) return { exit: exits.fine, text: jsonDocument({ entries: summaries, unreadable }) }
  const rows = [...summaries.flatMap(rowsOf), ...unreadable.map(unreadableRow)]
  return fine(rows.length === 0 ? 'there is no entry' : rows.join('\n'))
}

function rowsOf(entry: Summary): string[] {
  const what = `${counted(entry.files, 'file')}, ${counted(entry.fields, 'field')}, ${sizeInWords(entry.size)}`
  const rules = entry.rules.length === 0 ? '' : `: ${entry.rules.join(', ')}`
  return [
    `${entry.id}  ${padded(entry.state, 10)}  ${entry.time}  ${printable(`${entry.method} ${entry.path}`)}`,
    `    ${printable(`from ${entry.client}, policy ${entry.policy}: ${what}`)}`,
    `    refused${printable(rules)}`,
    ...attemptRows(entry),
  ]
}

function unreadableRow({ id, bytes, reason }: UnreadableEntry): string {
  const time = new Date(timeOf(id)).toISOString()
  return `${id}  ${padded('unreadable', 10)}  ${time}  ${sizeInWords(bytes)}\n    ${printable(reason)}`
}

/** Whether somebody is at it now or was, and what is known of the end. */
function attemptRows({ state, attempt }: Pick<Summary, 'state' | 'attempt'>): string[] {
  if (state === 'held') return []
  if (attempt === null) return ['    somebody began to release it; it is unclear whether the backend got it']
  return [`    ${attemptInWords(attempt, state)}`]
}

function attemptInWords({ action, who, why, time, result, status }: ToldAttempt, state: ReviewState): string {
  const open = state === 'releasing' || state === 'deleting' ? 'under way' : 'no end is known'
  const end = result === null ? open : status === null ? result : `${result}, the backend answered ${status}`
  return printable(`${action} by ${who} at ${time} (${why}): ${end}`)
}

export async function show(review: QuarantineReview, id: string, json: boolean): Promise<Told> {
  const shown = await review.show(id)
  if (shown === null) return { exit: exits.failed, text: `sluice: there is no entry ${printable(id)}\n` }
  const told = toldEntry(shown)
  if (json) return { exit: exits.fine, text: jsonDocument(told) }
  const columns = process.stdout.isTTY ? process.stdout.columns : null
  return fine(
    pageOf(told)
      .flatMap((row) => wrapped(row, columns))
      .join('\n'),
  )
}

function pageOf(entry: ToldEntry): string[] {
  const { request, owner, findings, parts, facts, state, bytes, attempt } = entry
  const rows: (readonly [string, string])[] = [
    ['entry', `${entry.id}, ${state}`],
    ['kept', `${new Date(entry.time).toISOString()}, ${sizeInWords(bytes)}`],
    ['request', `${request.method} ${request.scheme}://${request.host}${request.target}`],
    ['id', entry.requestId],
    ['client', entry.client],
    ['route', `${entry.route}, upstream ${entry.upstream}`],
    ['policy', `${entry.policy}${owner === null ? '' : `, owner ${owner}`} (configuration ${entry.configuration})`],
    ...headersOf(request.headers),
    ...(attempt === null ? [] : [['last act', attemptInWords(attempt, state)] as const]),
  ]
  return [
    ...rows.map(([name, value]) => `${padded(name, 9)} ${printable(value)}`),
    '',
    ...findings.flatMap(findingRows),
    '',
    ...parts.flatMap((part) => partRows(part, facts)),
  ]
}

function headersOf(headers: readonly string[]): (readonly [string, string])[] {
  return headers.flatMap((name, index) =>
    index % 2 === 0 ? [['header', `${name}: ${headers[index + 1] ?? ''}`] as const] : [],
  )
}

function findingRows({ rule, mode, violation }: ToldEntry['findings'][number]): string[] {
  const at = violation.part === undefined ? '' : `, part ${violation.part}`
  return [
    `    ${rule}${at}${mode === 'enforce' ? '' : ' (only reported)'}`,
    `        failed:    ${printable(violation.failed)}`,
    `        expected:  ${printable(violation.expected)}`,
  ]
}

function partRows(part: EntryPart, { files }: ToldEntry['facts']): string[] {
  const head = `part ${part.part}: ${part.kind} ${quoted(part.name)}`
  if (part.kind === 'field') return [`${head}, ${sizeInWords(part.size)}`]
  const facts = files.find((file) => file.part === part.part)
  const found = facts?.inspected?.detected.description ?? (part.size === 0 ? 'empty' : 'not inspected')
  const declared = part.contentType === null ? '' : `, declared ${printable(part.contentType)}`
  return [
    `${head} named ${quoted(part.filename ?? '')}, ${sizeInWords(part.size)}, ${printable(found)}${declared}`,
    `    sha256 ${part.sha256 ?? 'unknown'}`,
    ...(facts?.scans ?? []).map((scan) => `    ${printable(`${scan.scanner}: ${scanInWords(scan)}`)}`),
  ]
}

function scanInWords(scan: ToldEntry['facts']['files'][number]['scans'][number]): string {
  if (scan.result === 'infected') return `infected, ${scan.signature}`
  return scan.result === 'unscanned' ? `unscanned (${scan.reason}), ${scan.detail}` : scan.result
}

function quoted(text: string): string {
  return JSON.stringify(printable(text))
}

function fine(text: string): Told {
  return { exit: exits.fine, text: `${text}\n` }
}
