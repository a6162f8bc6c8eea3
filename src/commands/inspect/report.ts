import type { FileFacts, Finding, Inspected } from '../../path/types.ts'
import { wayToAllow } from '../../policy/allowing.ts'
import type { Policy } from '../../policy/policy.ts'
import { counted, sizeInWords } from '../../policy/words.ts'
import type { Examined } from './examine.ts'

/** Everything, for programs. */
export function jsonReport({ name }: Policy, files: readonly Examined[]): string {
  return `${JSON.stringify({ policy: name, files }, null, 2)}\n`
}

/** What a person at a help desk needs: the verdict, what the file is, and of each finding what failed and what to do. */
export function tableReport(policy: Policy, files: readonly Examined[]): string {
  const width = Math.min(40, Math.max(...files.map(({ path }) => path.length)))
  const rows = files.flatMap((file) => rowsOf(file, width))
  return `${[...rows, '', summary(policy, files)].join('\n')}\n`
}

function rowsOf(file: Examined, width: number): string[] {
  const path = printable(file.path)
  if ('unreadable' in file) return [`${path.padEnd(width)}  unreadable  ${file.unreadable}`]
  const { verdict, facts, findings } = file
  return [
    `${path.padEnd(width)}  ${verdict.padEnd(10)}  ${factsInWords(facts)}`,
    ...findings.flatMap(findingRows),
    ...gapRows(facts),
  ]
}

function findingRows({ rule, mode, violation }: Finding): string[] {
  const head = mode === 'enforce' ? rule : `${rule} (only reported)`
  return [
    `    ${head}`,
    `        failed:    ${printable(violation.failed)}`,
    `        expected:  ${printable(violation.expected)}`,
    `        to allow:  ${wayToAllow(rule).replaceAll('`', '')}`,
  ]
}

function gapRows({ inspected }: FileFacts): string[] {
  if (inspected === null) return []
  const gaps = [inspected.content, ...inspected.members.map(({ content }) => content)].flatMap(
    ({ uncovered }) => uncovered,
  )
  const words = [...new Set(gaps.map(({ reason, detail }) => `${reason}: ${printable(detail)}`))]
  return words.slice(0, 5).map((gap) => `    not looked into (${gap})`)
}

function factsInWords({ size, inspected }: FileFacts): string {
  if (inspected === null) return 'empty file'
  const { detected, content, archive } = inspected
  const { image, document, text } = content
  return [
    detected.description,
    sizeInWords(size),
    image && `${image.width} by ${image.height} pixels${image.frames > 1 ? ` in ${image.frames} frames` : ''}`,
    image?.location && 'says where it was taken',
    document?.pages != null && counted(document.pages, 'page'),
    document?.producer != null && `made by ${printable(document.producer)}`,
    text?.encoding != null && text.encoding,
    archive && unpackedInWords(archive),
  ]
    .filter((word) => typeof word === 'string')
    .join(', ')
}

function unpackedInWords({ entries, expanded }: NonNullable<Inspected['archive']>): string {
  return `${counted(entries, 'member')} of ${sizeInWords(expanded)} unpacked`
}

function summary({ name }: Policy, files: readonly Examined[]): string {
  const counts = new Map<string, number>()
  for (const file of files) {
    const word = 'verdict' in file ? file.verdict : 'unreadable'
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const words = [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
  return `${counted(files.length, 'file')} under policy ${name}: ${words}`
}

/** A terminal must not be steered by a name. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
}
