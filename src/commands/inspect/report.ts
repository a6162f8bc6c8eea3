import type { FileFacts, Inspected, Scan } from '../../path/types.ts'
import { wayToAllow } from '../../policy/allowing.ts'
import { clauseAt, placesOf } from '../../policy/places.ts'
import type { Policy } from '../../policy/policy.ts'
import { counted, sizeInWords } from '../../policy/words.ts'
import { jsonDocument, printable } from '../../printable.ts'
import { cellsOf, padded, wrapped } from '../../terminal/text.ts'
import { type Examined, wordOf } from './examine.ts'

/** Everything, for programs. */
export function jsonReport({ name }: Policy, files: readonly Examined[]): string {
  return jsonDocument({ policy: name, files })
}

/**
 * What a person at a help desk needs: the verdict, what the file is, and of each finding what failed and what to do.
 * Lines are broken at `columns`; null leaves them whole, for programs that look for words in them.
 */
export function tableReport(policy: Policy, files: readonly Examined[], columns: number | null): string {
  const width = Math.min(40, Math.max(...files.map(({ path }) => cellsOf(printable(path)))))
  const rows = files.flatMap((file) => rowsOf(file, width)).flatMap((row) => wrapped(row, columns))
  return `${[...rows, '', summary(policy, files)].join('\n')}\n`
}

function rowsOf(file: Examined, width: number): string[] {
  const head = `${padded(wordOf(file), 10)}  ${padded(printable(file.path), width)}  `
  if ('unreadable' in file) return [`${head}${printable(file.unreadable)}`]
  const gaps = file.verdict === 'refused' ? [] : gapRows(file.facts)
  const change = file.rewriting === null ? '' : `, ${changes[file.rewriting]}`
  return [
    `${head}${factsInWords(file.facts)}${change}`,
    ...file.findings.flatMap(findingRows),
    ...gaps,
    ...scanRows(file.facts),
  ]
}

const changes = {
  strip: 'would travel without its metadata',
  reencode: 'would travel decoded and written anew',
  sanitise: 'would travel without its scripts',
} as const

type Found = Extract<Examined, { readonly verdict: string }>['findings'][number]

export function findingRows({ rule, mode, violation }: Found): string[] {
  return [
    `    ${mode === 'enforce' ? rule : `${rule} (only reported)`}`,
    `        failed:    ${printable(violation.failed)}`,
    `        expected:  ${printable(violation.expected)}`,
    `        to allow:  ${allowing(rule)}`,
  ]
}

function allowing(rule: Found['rule']): string {
  return rule === 'release.rewrite' ? 'keep files of this type as they are' : wayToAllow(rule).replaceAll('`', '')
}

const shownGaps = 5

/** What was not looked into although the file would travel; in a refused one, findings say it. */
export function gapRows({ inspected }: FileFacts): string[] {
  if (inspected === null) return []
  const gaps = placesOf(inspected).flatMap((place) =>
    place.content.uncovered.map(({ detail }) => clauseAt(place, detail)),
  )
  const rows = [...new Set(gaps)].map((gap) => `    not looked into: ${printable(gap)}`)
  const more = rows.length - shownGaps
  return more > 0 ? [...rows.slice(0, shownGaps), `    not looked into: ${more} more`] : rows
}

export function scanRows({ scans }: FileFacts): string[] {
  return scans.map((scan) => `    scanner ${scan.scanner}: ${printable(scanInWords(scan))}`)
}

function scanInWords(scan: Scan): string {
  if (scan.result === 'infected') return `found ${scan.signature}`
  if (scan.result === 'allowed') return 'knows the file to be good'
  return scan.result === 'clean' ? 'found nothing' : `${scan.reason}: ${scan.detail}`
}

export function factsInWords({ size, inspected }: FileFacts): string {
  if (inspected === null) return 'an empty file'
  const { detected, content, archive } = inspected
  const { image } = content
  const { pages = null, producer = null } = content.document ?? {}
  const { encoding = null } = content.text ?? {}
  return [
    detected.description,
    sizeInWords(size),
    image && `${image.width} by ${image.height} pixels${image.frames > 1 ? ` in ${image.frames} frames` : ''}`,
    image?.location && 'says where it was taken',
    pages !== null && counted(pages, 'page'),
    producer !== null && `made by ${printable(producer)}`,
    encoding !== null && `encoded as ${encoding}`,
    archive && unpackedInWords(archive),
  ]
    .filter((word) => typeof word === 'string')
    .join(', ')
}

function unpackedInWords({ entries, expanded }: NonNullable<Inspected['archive']>): string {
  const unpacked = `${sizeInWords(expanded)} unpacked`
  return entries === 0 ? unpacked : `${counted(entries, 'member')}, ${unpacked}`
}

function summary({ name, mode }: Policy, files: readonly Examined[]): string {
  const counts = new Map<string, number>()
  for (const file of files) counts.set(wordOf(file), (counts.get(wordOf(file)) ?? 0) + 1)
  const words = [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
  const lax = mode === 'enforce' ? '' : ` (mode: ${mode}, so that its rules refuse nothing unless modes says so)`
  return `${counted(files.length, 'file')} under policy ${name}: ${words}${lax}`
}
