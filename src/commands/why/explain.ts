import type { FileFacts } from '../../path/types.ts'
import { sizeInWords } from '../../policy/words.ts'
import { printable } from '../../printable.ts'
import type { Violation } from '../../problems/violation.ts'
import type { Explainable, RecordedLine } from '../../why/recorded-line.ts'
import { factsInWords, findingRows, gapRows, scanRows } from '../inspect/report.ts'
import { endingOf, retryOf } from './ending.ts'

/** What the configuration at hand knows of the policy. */
export interface PolicyNote {
  readonly owner: string | null
  /** Whether it is the configuration that the request was decided with. */
  readonly isSame: boolean
}

const labelWidth = 14

/** Why a request ended as it did, for a person who was asked about it. */
export function explain({ entry, files }: Explainable, note: PolicyNote | null): string {
  return [
    ...headRows(entry, note),
    ...section('what was found', findingRowsOf(entry)),
    ...section('files', files.flatMap(fileRows)),
    ...section(
      'limits',
      entry.limits.map(({ limit, decision }) => `    ${printable(limit)}: ${printable(decision)}`),
    ),
    '',
  ].join('\n')
}

function headRows(entry: RecordedLine, note: PolicyNote | null): string[] {
  const { requestId, time, client, method, host, path, route, quarantine, duration, candidate } = entry
  return [
    row('request', requestId),
    row('asked', [method, `${host ?? ''}${path ?? ''}`].filter(Boolean).join(' ') || 'nothing that is HTTP'),
    row('when', `${time}, for ${inSeconds(duration)}`),
    row('client', client),
    row('route', route ?? 'none'),
    row('policy', policyInWords(entry, note)),
    row('outcome', endingOf(entry)),
    row('retry', retryOf(entry)),
    ...(quarantine === null ? [] : [row('quarantine', `kept: sluice quarantine show ${quarantine} -c FILE`)]),
    ...(candidate === undefined ? [] : [row('candidate', candidateInWords(candidate))]),
    row('bytes', bytesInWords(entry)),
    row('time spent', timingsInWords(entry)),
  ]
}

function row(label: string, words: string): string {
  return `${label.padEnd(labelWidth)}${printable(words)}`
}

function section(title: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : ['', `${title}:`, ...rows]
}

function policyInWords({ policy, configuration }: RecordedLine, note: PolicyNote | null): string {
  const decided = `configuration ${configuration}`
  if (policy === null) return `none (${decided})`
  const owner = note === null ? '' : note.owner === null ? ', without an owner' : `, owner ${note.owner}`
  const other = note === null || note.isSame ? '' : '; the file at hand is another version'
  return `${policy}${owner} (${decided}${other})`
}

function candidateInWords({ policy, change, gaps }: NonNullable<RecordedLine['candidate']>): string {
  return `${policy} decides ${change === 'undecidable' ? `nothing: ${gaps.join('; ')}` : change}`
}

function bytesInWords({ bytes: { received, released, answered } }: RecordedLine): string {
  return `${sizeInWords(received)} received, ${sizeInWords(released)} released, ${sizeInWords(answered)} answered`
}

function timingsInWords({ timings }: RecordedLine): string {
  return Object.entries(timings)
    .map(([stage, spent]) => `${stage} ${inSeconds(spent)}`)
    .join(', ')
}

function inSeconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds * 10) / 10} ms` : `${Math.round(milliseconds / 100) / 10} s`
}

/** Findings of the policy, and what else the client was told. */
function findingRowsOf({ findings, problems }: RecordedLine): string[] {
  const decided = findings.flatMap((finding) => [...placeRows(finding.violation), ...findingRows(finding)])
  const known = new Set<string>(findings.map(({ rule }) => rule))
  return [...decided, ...problems.filter(({ id }) => !known.has(id)).flatMap(problemRows)]
}

function placeRows({ part, file, field }: Violation): string[] {
  const name = file ?? field
  return part === undefined ? [] : [`  part ${part}${name === undefined ? '' : ` "${printable(name)}"`}:`]
}

function problemRows({ id, failed, expected }: Violation): string[] {
  return [`    ${id}`, `        failed:    ${printable(failed)}`, `        expected:  ${printable(expected)}`]
}

function fileRows(file: FileFacts): string[] {
  const name = file.name === '' ? 'without a name' : `"${printable(file.name)}"`
  return [`  part ${file.part} ${name}: ${printable(factsInWords(file))}`, ...gapRows(file), ...scanRows(file)]
}
