import { counted, sizeInWords } from '../../policy/words.ts'
import type { EntryPart } from '../../quarantine/entry.ts'
import type { QuarantineReview, ReviewedEntry } from '../../quarantine/review/review.ts'
import { type Summary, summaryOf, type ToldAttempt, toldAttempt } from '../../quarantine/review/summary.ts'
import { exits } from '../arguments.ts'
import { padded, printable, wrapped } from '../inspect/terminal-text.ts'
import type { Told } from './decide.ts'

export async function list(review: QuarantineReview, json: boolean): Promise<Told> {
  const { entries, unreadable } = await review.list()
  const summaries = entries.map(summaryOf)
  if (json) return fine(JSON.stringify({ entries: summaries, unreadable }, null, 2))
  const hidden =
    unreadable === 0
      ? []
      : [`${counted(unreadable, 'entry').replace('entrys', 'entries')} cannot be read: its key is not known`]
  if (summaries.length === 0) return fine(['nothing is kept', ...hidden].join('\n'))
  return fine([...summaries.flatMap(rowsOf), ...hidden].join('\n'))
}

function rowsOf(entry: Summary): string[] {
  const what = `${counted(entry.files, 'file')}, ${counted(entry.fields, 'field')}, ${sizeInWords(entry.size)}`
  const rules = entry.rules.length === 0 ? '' : `: ${entry.rules.join(', ')}`
  return [
    `${entry.id}  ${padded(stateOf(entry), 9)}  ${entry.time}  ${printable(`${entry.method} ${entry.path}`)}`,
    `    ${printable(`from ${entry.client}, policy ${entry.policy}: ${what}`)}`,
    `    refused${printable(rules)}`,
    ...attemptRows(entry),
  ]
}

function stateOf({ state, attempt }: Pick<Summary, 'state' | 'attempt'>): string {
  if (state === 'held') return 'held'
  return attempt?.result === 'released' ? 'released' : 'unclear'
}

/** Whether somebody is at it now or was, and what is known of the end. */
function attemptRows({ state, attempt }: Pick<Summary, 'state' | 'attempt'>): string[] {
  if (state === 'held') return []
  if (attempt === null) return ['    somebody began to release it; nobody knows whether the backend got it']
  return [`    ${attemptInWords(attempt)}`]
}

function attemptInWords({ action, who, why, time, result, status }: ToldAttempt): string {
  const end =
    result === null ? 'no end is known' : status === null ? result : `${result}, the backend answered ${status}`
  return printable(`${action} by ${who} at ${time} (${why}): ${end}`)
}

export async function show(review: QuarantineReview, id: string, json: boolean): Promise<Told> {
  const shown = await review.show(id)
  if (shown === null) return { exit: exits.failed, text: `sluice: there is no entry ${printable(id)}\n` }
  const { entry, state, bytes, attempt } = shown
  if (json) return fine(JSON.stringify({ ...entry, state, bytes, attempt: toldAttempt(attempt) }, null, 2))
  const columns = process.stdout.isTTY ? process.stdout.columns : null
  return fine(
    pageOf(shown)
      .flatMap((row) => wrapped(row, columns))
      .join('\n'),
  )
}

function pageOf({ entry, state, bytes, attempt }: ReviewedEntry): string[] {
  const { request, owner, findings, parts, facts } = entry
  const told = toldAttempt(attempt)
  const rows: (readonly [string, string])[] = [
    ['entry', `${entry.id}, ${state === 'held' ? 'held' : stateOf({ state, attempt: told })}`],
    ['kept', `${new Date(entry.time).toISOString()}, ${sizeInWords(bytes)}`],
    ['request', `${request.method} ${request.scheme}://${request.host}${request.target}`],
    ['id', entry.requestId],
    ['client', entry.client],
    ['route', `${entry.route}, upstream ${entry.upstream}`],
    ['policy', `${entry.policy}${owner === null ? '' : `, owner ${owner}`} (configuration ${entry.configuration})`],
    ...headersOf(request.headers),
    ...(told === null ? [] : [['last act', attemptInWords(told)] as const]),
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

function findingRows({ rule, mode, violation }: ReviewedEntry['entry']['findings'][number]): string[] {
  const at = violation.part === undefined ? '' : `, part ${violation.part}`
  return [
    `    ${rule}${at}${mode === 'enforce' ? '' : ' (only reported)'}`,
    `        failed:    ${printable(violation.failed)}`,
    `        expected:  ${printable(violation.expected)}`,
  ]
}

function partRows(part: EntryPart, { files }: ReviewedEntry['entry']['facts']): string[] {
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

function scanInWords(scan: ReviewedEntry['entry']['facts']['files'][number]['scans'][number]): string {
  if (scan.result === 'infected') return `infected, ${scan.signature}`
  return scan.result === 'unscanned' ? `unscanned (${scan.reason}), ${scan.detail}` : scan.result
}

function quoted(text: string): string {
  return JSON.stringify(printable(text))
}

function fine(text: string): Told {
  return { exit: exits.fine, text: `${text}\n` }
}
