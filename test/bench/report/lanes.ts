import { notInstalled } from '../lanes/measure.ts'
import type { LanesResult, Row, ScannerTurn, Turn } from '../lanes/results.ts'
import { bombing, flooding, scanning, trickling } from '../lanes/scale.ts'
import type { ProbeReport, Punctuality, Tally } from '../load/order.ts'
import { mebibyte } from '../workloads.ts'
import { medianOf } from './statistics.ts'
import { mebibytes, spreadOf, table } from './table.ts'

type LoadName = 'slow' | 'flood'

const labels: Readonly<Record<string, string>> = {
  direct: '_no proxy_',
  sluice: '**Sluice**',
  nginx: 'nginx, request buffering on',
  haproxy: 'HAProxy',
  caddy: 'Caddy',
}
const times = ['p50, ms', 'p99, ms', 'max, ms']
const ratios = ['p99 above own idle, ms', '× nginx']

/** What is not there, or failed, has a row that says so. */
export function lanesTables({ rows, scanner }: LanesResult): string[] {
  const title = `GETs beside ${flooding.connections} connections that upload files of ${flooding.content / mebibyte} MiB as fast as they can`
  const slowTitle = `GETs beside ${trickling.uploads} uploads of ${(trickling.piece * 1000) / trickling.period / 1024} KiB/s`
  return [
    section('GETs, and nothing else', rows, [...times, 'failed'], (turns) => getCells(turns.map(({ idle }) => idle))),
    section(title, rows, [...times, 'failed', ...ratios, 'uploads, MB/s', 'uploads failed'], (turns) => [
      ...getCells(turns.map(({ flood }) => flood.gets)),
      ...ratioCells(turns, 'flood', rows),
      spreadOf(
        turns.map(({ flood }) => flood.load.bytes / 1e6 / flood.load.seconds),
        0,
      ),
      tally(turns.map(({ flood }) => flood.load.failed)),
    ]),
    section(slowTitle, rows, [...times, 'failed', ...ratios, 'CPU s/s'], (turns) => [
      ...getCells(turns.map(({ slow }) => slow.gets)),
      ...ratioCells(turns, 'slow', rows),
      spreadOf(
        turns.map(({ slow }) => slow.load.cpu),
        2,
      ),
    ]),
    section(`What becomes of the ${trickling.uploads} uploads`, rows, slowColumns, slowCells),
    sluiceTable(
      rows.find(({ name }) => name === 'sluice'),
      scanner,
    ),
    section('What the measuring did', rows, ownColumns, ownCells),
    ...failuresOf([...rows, scanner]),
  ]
}

function section<T>(
  title: string,
  rows: readonly Row<T>[],
  columns: readonly string[],
  cells: (turns: readonly T[]) => string[],
): string {
  const lines = rows.map((row) => [labelOf(row), ...(row.turns.length > 0 ? cells(row.turns) : columns.map(() => ''))])
  return `### ${title}\n\n${table(['', ...columns], lines)}`
}

function labelOf({ name, turns, failures }: Row<unknown>): string {
  const label = labels[name] ?? name
  if (failures.length === 0) return label
  const missing = failures.find((failure) => failure.startsWith(notInstalled))
  return `${label} (${missing ?? `**failed** in ${failures.length} of ${failures.length + turns.length} rounds`})`
}

function failuresOf(rows: readonly Row<unknown>[]): string[] {
  const told = rows.flatMap(({ name, failures }) =>
    failures.filter((failure) => !failure.startsWith(notInstalled)).map((failure) => `- ${name}: ${plain(failure)}`),
  )
  return told.length === 0 ? [] : [`Rounds that failed:\n\n${told.join('\n')}`]
}

function getCells(reports: readonly ProbeReport[]): string[] {
  const figures = (['p50', 'p99', 'max'] as const).map((key) =>
    spreadOf(
      reports.map((report) => report[key]),
      key === 'max' ? 1 : 2,
    ),
  )
  return [...figures, tally(reports.map(({ failed }) => failed))]
}

function ratioCells(turns: readonly Turn[], load: LoadName, rows: readonly Row<Turn>[]): string[] {
  const p99 = (of: readonly Turn[]): number => medianOf(of.map((turn) => turn[load].gets.p99))
  const reference = rows.find(({ name }) => name === 'nginx')?.turns ?? []
  const above = turns.map((turn) => turn[load].gets.p99 - turn.idle.p99)
  return [spreadOf(above, 1), reference.length === 0 ? '' : (p99(turns) / p99(reference)).toFixed(2)]
}

const slowColumns = ['at rest, PSS', 'peak PSS', 'peak RSS', 'alive', 'finished', 'failed', 'KiB/s each']

function slowCells(turns: readonly Turn[]): string[] {
  const loads = turns.map(({ slow }) => slow.load)
  const memory = (read: (memory: NonNullable<(typeof loads)[number]['memory']>) => number): string => {
    const values = loads.flatMap((load) => (load.memory === null ? [] : [read(load.memory)]))
    return values.length === 0 ? '' : mebibytes(medianOf(values))
  }
  const sum = (read: (load: (typeof loads)[number]) => number): number =>
    loads.reduce((all, load) => all + read(load), 0)
  return [
    memory(({ before }) => before.pss),
    memory(({ peak }) => peak.pss),
    memory(({ peak }) => peak.rss),
    `${sum(({ alive }) => alive)} of ${sum(({ begun }) => begun)}`,
    `${sum(({ finished }) => finished)} of ${sum(({ asked }) => asked)}`,
    tally(loads.map(({ failed }) => failed)),
    spreadOf(
      loads.map(({ rate }) => rate / 1024),
      1,
    ),
  ]
}

function sluiceTable(sluice: Row<Turn> | undefined, scanner: Row<ScannerTurn>): string {
  const turns = sluice?.turns ?? []
  const bombs = turns.flatMap((turn) => (turn.bombs === null ? [] : [turn.bombs]))
  const refused = bombs.reduce((sum, { load }) => sum + load.uploads, 0)
  const hung = scanner.turns.map(({ hung }) => hung)
  const row = (label: string, gets: readonly ProbeReport[], uploads: string): string[] =>
    gets.length === 0 ? [label, 'no round', '', '', '', ''] : [label, ...getCells(gets), uploads]
  const lines = [
    row(
      'nothing else',
      turns.map(({ idle }) => idle),
      '',
    ),
    row(
      `${bombing.connections} clients that send ZIP bombs`,
      bombs.map(({ gets }) => gets),
      `${refused} refused; ${tally(bombs.map(({ load }) => load.failed))} failed`,
    ),
    row(
      'nothing else, with a scanner',
      scanner.turns.map(({ idle }) => idle),
      '',
    ),
    row(
      `${scanning.rate} uploads/s to a scanner that answers no more`,
      hung.map(({ gets }) => gets),
      tally(hung.map(({ load }) => load.answers)),
    ),
  ]
  const heading = '### GETs of Sluice beside work that only it does'
  return `${heading}\n\n${table(['beside', ...times, 'failed', 'uploads'], lines)}`
}

const ownColumns = [
  'probe late, p99 ms',
  'most',
  'slow late, p99 ms',
  'most',
  'probe busy',
  'slow busy',
  'flood busy',
  'backend busy in flood',
]

function ownCells(turns: readonly Turn[]): string[] {
  const probes = turns.flatMap(({ idle, slow, flood }) => [idle, slow.gets, flood.gets])
  const trickles = turns.map(({ slow }) => slow.load)
  const late = (reports: readonly Punctuality[]): string[] => [
    medianOf(reports.map(({ late }) => late.p99)).toFixed(1),
    Math.max(...reports.map(({ late }) => late.max)).toFixed(1),
  ]
  const share = (values: readonly number[]): string => `${(medianOf(values) * 100).toFixed(0)} %`
  return [
    ...late(probes),
    ...late(trickles),
    share(probes.map(({ busy }) => busy)),
    share(trickles.map(({ busy }) => busy)),
    share(turns.map(({ flood }) => flood.load.busy)),
    share(turns.map(({ flood }) => flood.load.backend)),
  ]
}

/** The sum over the rounds: a number, and what it is made of. */
function tally(tallies: readonly Tally[]): string {
  const sums = new Map<string, number>()
  for (const [word, times] of tallies.flatMap(Object.entries<number>)) sums.set(word, (sums.get(word) ?? 0) + times)
  return sums.size === 0 ? '0' : [...sums].map(([word, times]) => `${word} ×${times}`).join(', ')
}

function plain(text: string): string {
  return text.replace(/[|\s]+/g, ' ').slice(0, 300)
}
