import type { ContenderName } from '../contenders/start.ts'
import type { Beside, Inspected } from '../inspection/measure.ts'
import type { WorstCase } from '../inspection/worst-cases.ts'
import type { Figures, Measured } from '../measure.ts'
import { allowance, holdMemory, type MemoryResult } from '../memory.ts'
import { mebibyte, type Workload } from '../workloads.ts'
import { spread } from './statistics.ts'

interface Column {
  readonly title: string
  readonly digits: number
}

/** The first is what counts, and has the ratios. */
const columns: Record<Workload['work']['kind'], Record<string, Column>> = {
  uploads: {
    cpu: { title: 'CPU s/GiB', digits: 2 },
    rate: { title: 'MB/s', digits: 0 },
    wait: { title: 'last byte sent → answer, ms', digits: 1 },
  },
  requests: {
    cpu: { title: 'CPU µs/request', digits: 0 },
    rate: { title: 'requests/s', digits: 0 },
    p50: { title: 'p50, ms', digits: 2 },
    p99: { title: 'p99, ms', digits: 2 },
  },
}

export const labels: Record<ContenderName, string> = {
  sluice: '**Sluice**',
  nginx: 'nginx, request buffering on',
  'bare-node': 'bare Node: receive, hash, hold, send',
  'http-proxy': 'http-proxy, keep-alive agent',
}

export function workloadTable({ title, work }: Workload, measured: Measured): string {
  const shown = columns[work.kind]
  const reference = medianOf(measured.get('nginx') ?? [], 'cpu')
  const header = ['', ...Object.values(shown).map((column) => column.title), '× nginx']
  const rows = [...measured].map(([name, rounds]) => {
    const cells = Object.entries(shown).map(([key, { digits }]) => cell(rounds, key, digits))
    return [labels[name]].concat(cells, (medianOf(rounds, 'cpu') / reference).toFixed(2))
  })
  return `### ${title}\n\n${table(header, rows)}`
}

export function memoryTable(results: readonly MemoryResult[]): string {
  const goal = holdMemory + allowance
  const header = ['', 'at rest', '`hold.memory`', 'peak resident', 'goal', 'CPU s/GiB', 'took, s', 'verdict']
  const rows = results.map(({ title, atRest, peak, cpu, seconds, failure }) => [
    title,
    mebibytes(atRest),
    mebibytes(holdMemory),
    mebibytes(peak),
    `under ${mebibytes(goal)}`,
    cpu.toFixed(2),
    seconds.toFixed(0),
    failure === null ? 'kept' : `**failed**: ${failure.replace(/[|\s]+/g, ' ')}`,
  ])
  return `### Memory of Sluice\n\n${table(header, rows)}`
}

export function inspectionTable(results: readonly Inspected[]): string {
  const header = ['', 'size', 'CPU ms', 'memory', 'verdict']
  const rows = results.map(({ title, size, cpu, memory, verdict }) => {
    const { median, least, most } = spread(cpu)
    const times = `${median.toFixed(0)} [${least.toFixed(0)}–${most.toFixed(0)}]`
    return [title, `${(size / mebibyte).toFixed(1)} MiB`, times, mebibytes(memory), verdict]
  })
  return `### Inspecting one file\n\n${table(header, rows)}`
}

export function worstTable(cases: readonly WorstCase[]): string {
  const rows = cases.map(({ kind, what, cpu }) => [kind, what, cpu.toFixed(0)])
  return `### Worst inputs known, 1 MiB each\n\n${table(['kind', 'made of', 'CPU ms/MiB'], rows)}`
}

export function besideTable({ alone, beside, refused }: Beside): string {
  const row = (title: string, { p50, p99 }: Beside['alone']): string[] => [title, p50.toFixed(2), p99.toFixed(2)]
  const rows = [row('alone', alone), row(`beside 16 clients that send ZIP bombs (${refused} refused)`, beside)]
  return `### GET of 100 bytes while bombs are inspected\n\n${table(['', 'p50, ms', 'p99, ms'], rows)}`
}

/** A Markdown table as a formatter would write it. All columns but the first stand to the right, where they hold numbers. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], numbers = true): string {
  const widths = header.map((_, at) => Math.max(3, ...[header, ...rows].map((cells) => cells[at]?.length ?? 0)))
  const right = (at: number): boolean => numbers && at > 0
  const line = (cells: readonly string[]): string => {
    const padded = widths.map((width, at) => (right(at) ? cells[at]?.padStart(width) : cells[at]?.padEnd(width)))
    return `| ${padded.join(' | ')} |`
  }
  const rule = widths.map((width, at) => (right(at) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [header, rule, ...rows].map(line).join('\n')
}

function cell(rounds: readonly Figures[], key: string, digits: number): string {
  const { median, least, most } = spread(rounds.map((figures) => figures[key] ?? Number.NaN))
  return `${median.toFixed(digits)} [${least.toFixed(digits)}–${most.toFixed(digits)}]`
}

function medianOf(rounds: readonly Figures[], key: string): number {
  return spread(rounds.map((figures) => figures[key] ?? Number.NaN)).median
}

function mebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(0)} MiB`
}
