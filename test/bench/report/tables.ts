import type { ContenderName } from '../contenders/start.ts'
import type { Inspected } from '../inspection/measure.ts'
import type { WorstCase } from '../inspection/worst-cases.ts'
import type { Figures, Measured } from '../measure.ts'
import { allowance, holdMemory, type MemoryResult } from '../memory.ts'
import type { ReplayResult } from '../replay/measure.ts'
import { mebibyte, type Workload } from '../workloads.ts'
import { medianOf } from './statistics.ts'
import { mebibytes, spreadOf, table } from './table.ts'

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
  haproxy: 'HAProxy',
  caddy: 'Caddy',
  'bare-node': 'bare Node: receive, hash, hold, send',
  'http-proxy': 'http-proxy, keep-alive agent',
}

export function workloadTable({ title, work }: Workload, measured: Measured): string {
  const shown = columns[work.kind]
  const reference = medianOf(valuesOf(measured.get('nginx') ?? [], 'cpu'))
  const header = ['', ...Object.values(shown).map((column) => column.title), '× nginx']
  const rows = [...measured].map(([name, rounds]) => {
    const cells = Object.entries(shown).map(([key, { digits }]) => cell(rounds, key, digits))
    return [labels[name]].concat(cells, (medianOf(valuesOf(rounds, 'cpu')) / reference).toFixed(2))
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
    return [title, `${(size / mebibyte).toFixed(1)} MiB`, spreadOf(cpu, 0), mebibytes(memory), verdict]
  })
  return `### Inspecting one file\n\n${table(header, rows)}`
}

export function replayTable({ lines, size, cpuSeconds, seconds, peak }: ReplayResult): string {
  const header = ['lines', 'audit', 'took, s', 'CPU s', 'lines/s', 'peak resident']
  const row = [String(lines), mebibytes(size), seconds.toFixed(1), cpuSeconds.toFixed(1), (lines / seconds).toFixed(0)]
  return `### Deciding an audit again (\`sluice replay\`)\n\n${table(header, [[...row, mebibytes(peak)]])}`
}

export function worstTable(cases: readonly WorstCase[]): string {
  const rows = cases.map(({ kind, what, cpu }) => [kind, what, cpu.toFixed(0)])
  return `### Worst inputs known, 1 MiB each\n\n${table(['kind', 'made of', 'CPU ms/MiB'], rows)}`
}

function cell(rounds: readonly Figures[], key: string, digits: number): string {
  return spreadOf(valuesOf(rounds, key), digits)
}

function valuesOf(rounds: readonly Figures[], key: string): number[] {
  return rounds.map((figures) => figures[key] ?? Number.NaN)
}
