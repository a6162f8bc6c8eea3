import type { Change } from '../../policy/compare.ts'
import { counted } from '../../policy/words.ts'
import { jsonDocument, printable } from '../../printable.ts'
import type { Example, Tally } from '../../replay/tally.ts'

/** Everything, for programs. */
export function jsonReport(tally: Tally): string {
  const { lines, uploads, uninspected, rules, routes, unknown, examples } = tally
  const told = {
    rules: Object.fromEntries(rules),
    routes: Object.fromEntries(routes),
    unknown: Object.fromEntries(unknown),
  }
  return jsonDocument({ lines, uploads, uninspected, ...told, examples })
}

const kinds = [
  ['stricter', 'newly refused', 'was let through, and would be refused, or travel with fewer files'],
  ['laxer', 'newly admitted', 'was refused, and would travel, or with more files'],
  ['otherwise', 'other reasons', 'refused then and now, by other rules'],
  ['undecidable', 'undecidable', 'the facts that were recorded do not tell'],
  ['same', 'unchanged', ''],
] as const satisfies readonly (readonly [Change, string, string])[]

const nameWidth = 14
const countWidth = 9

/** What a person wants to know before a change: how many, by which rule, where, and some to look at. */
export function textReport(tally: Tally): string {
  const rows = kinds.map(([change, name, words]) => row(name, tally.uploads[change], words))
  return [
    ...rows,
    ...(tally.uninspected > 0 ? ['', uninspectedRow(tally)] : []),
    ...section(
      'Not to be told from the facts',
      [...tally.unknown].sort(byCount).map(([why, n]) => row('', n, why)),
    ),
    ...section('By rule', tableOf(tally.rules)),
    ...section('By route', tableOf(tally.routes)),
    ...kinds.flatMap(([change, name]) =>
      change === 'same' ? [] : section(`Examples: ${name}`, tally.examples[change].flatMap(exampleRows)),
    ),
    '',
    ...lineRows(tally),
  ]
    .map((text) => text.trimEnd())
    .concat('')
    .join('\n')
}

function row(name: string, count: number, words: string): string {
  return `${name.padEnd(nameWidth)}${String(count).padStart(countWidth)}  ${words}`
}

function uninspectedRow({ uninspected }: Tally): string {
  return `${counted(uninspected, 'upload')} of the newly admitted would travel without anybody looking into them: their route has no policy.`
}

function section(title: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : ['', `${title}:`, ...rows.map((text) => `  ${text}`)]
}

function byCount([, one]: readonly [string, number], [, other]: readonly [string, number]): number {
  return other - one
}

function tableOf(counts: Tally['rules']): string[] {
  const width = Math.max(0, ...[...counts.keys()].map((key) => printable(key).length))
  return [...counts].map(([key, numbers]) => {
    const words = kinds.flatMap(([change, name]) => (numbers[change] > 0 ? [`${numbers[change]} ${name}`] : []))
    return `${printable(key).padEnd(width)}  ${words.join(', ')}`
  })
}

function exampleRows({ time, requestId, route, files, why }: Example): string[] {
  const head = `${printable(time)}  ${printable(requestId)}  ${printable(route ?? 'no route')}`
  return [head, `    ${[...files.map((name) => `"${printable(name)}"`), why.join(', ')].join('  ')}`]
}

/** What was read and could not be asked, so that nobody takes silence for agreement. */
function lineRows({ lines, uploads }: Tally): string[] {
  const decided = Object.values(uploads).reduce((sum, one) => sum + one, 0)
  const left = [
    [lines.unjudged, 'ended before a policy decided (malformed, limited, broken off)'],
    [lines.cut, 'too large for their facts to be recorded'],
    [lines.foreign, 'no whole lines of an audit'],
    [lines.tooLong, 'too long for an audit'],
  ] as const
  const told = left.flatMap(([count, words]) => (count > 0 ? [`  ${count} ${words}`] : []))
  return [`${counted(lines.total, 'line')}, ${counted(decided, 'upload')} decided again`, ...told]
}
