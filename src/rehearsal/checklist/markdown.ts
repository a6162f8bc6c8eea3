import type { Policy } from '../../policy/policy.ts'
import { plain } from '../../printable.ts'
import { type Rehearsal, titleOf, totalsInWords, totalsOf } from '../report/rehearsal.ts'
import type { ChecklistLine } from './line.ts'

/** What the checklist came to, for those who come later. */
export interface ChecklistReport {
  /** ISO 8601. */
  readonly date: string
  /** Of Sluice. */
  readonly version: string
  readonly configuration: { readonly file: string; readonly hash: string | null }
  readonly lines: readonly ChecklistLine[]
  readonly policies: readonly Pick<Policy, 'name' | 'mode' | 'owner' | 'expected' | 'rollback'>[]
  readonly rehearsals: readonly Rehearsal[]
}

export function markdownReport({ date, version, configuration, lines, policies, rehearsals }: ChecklistReport): string {
  const { file, hash } = configuration
  const facts = [
    `- date: ${date}`,
    `- configuration: ${text(file)} (${hash ?? 'it cannot be read'})`,
    `- Sluice ${version}, Node.js ${process.version}`,
  ]
  const rows = lines.map(({ what, state, reason, evidence }) => [what, state, reason, evidence.join('; ')])
  const policyRows = policies.map(({ name, mode, owner, expected, rollback }) =>
    [name, mode, owner, expected, rollback].map((cell) => cell ?? 'not said'),
  )
  const blocks = [
    `# Checklist of ${text(file)}`,
    facts.join('\n'),
    table(['line', 'state', 'reason', 'evidence'], rows),
    '## Policies',
    policyRows.length === 0 ? 'None.' : table(['policy', 'mode', 'owner', 'expected result', 'rollback'], policyRows),
    ...(rehearsals.length === 0 ? [] : ['## Rehearsals', ...rehearsals.map(rehearsalBlock)]),
  ]
  return `${blocks.join('\n\n')}\n`
}

function rehearsalBlock({ configuration, target, results }: Rehearsal): string {
  const what = configuration === null ? 'suites' : text(`${configuration.file} (${configuration.hash})`)
  const head = `${what}, ${target === null ? 'in process' : `at ${text(target)}`}: ${totalsInWords(totalsOf(results))}.`
  const rows = results.map((result) => [
    result.suite,
    titleOf(result),
    result.expected,
    result.result,
    result.skipped ?? result.differences.map(({ what, found }) => `${what}: ${found}`).join('; '),
    result.requestId ?? '',
  ])
  return `${head}\n\n${table(['suite', 'case', 'expected', 'result', 'detail', 'request'], rows)}`
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows.map((row) => row.map(text))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** Others' words must not become markup, rows or links. */
function text(words: string): string {
  return plain(words, 500).replace(/[\\`*_{}[\]<>|#&]/g, '\\$&')
}
