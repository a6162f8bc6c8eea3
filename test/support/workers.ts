import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { formBody } from './multipart.ts'
import type { SluiceGateway } from './sluice-process.ts'

/** What two workers need: their shares must take the largest request of the default policy. */
export const twoWorkers = {
  process: { workers: 2, drain: '10m' },
  hold: { memory: '64MiB', spool: { directory: 'spool', size: '1GiB', keepFree: '0B' } },
}

/** The process numbers of a gateway's workers, as many as there are at the moment. */
export function workersOf({ pid }: Pick<SluiceGateway, 'pid'>): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

export function isRunning(pid: number): boolean {
  try {
    return !/^State:\sZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20)
}

export interface LogLine {
  readonly msg: string
  readonly level: string
  readonly [field: string]: unknown
}

/** Throws on a line that is none. */
export function logOf(sluice: Pick<SluiceGateway, 'stdout'>): LogLine[] {
  const lines = sluice.stdout().split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as LogLine)
}

export interface Scrape {
  readonly text: string
  /** By series, as they are written. */
  readonly values: ReadonlyMap<string, number>
  /** Of all series with the name. */
  readonly sum: (name: string) => number
}

export async function scrape({ operationsUrl }: Pick<SluiceGateway, 'operationsUrl'>): Promise<Scrape> {
  const response = await fetch(`${operationsUrl}/metrics`)
  const text = await response.text()
  if (response.status !== 200) throw new Error(text)
  const values = new Map<string, number>()
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf(' ')
    if (line !== '' && !line.startsWith('#')) values.set(line.slice(0, at), Number(line.slice(at + 1)))
  }
  const sum = (name: string): number =>
    [...values].filter(([series]) => series.split('{')[0] === name).reduce((all, [, value]) => all + value, 0)
  return { text, values, sum }
}

/** What went down from one scrape to the next although it counts. */
export function shrunk(before: Scrape, after: Scrape): string[] {
  return [...before.values].flatMap(([series, value]) => {
    const [name = ''] = series.split('{')
    // Those of single processes start anew with their process.
    if (series.includes('worker="') || !/_(total|count|sum|bucket)$/.test(name)) return []
    const now = after.values.get(series)
    return now !== undefined && now >= value ? [] : [`${series}: ${value}, then ${now}`]
  })
}

export interface Ready {
  readonly status: number
  readonly ready: boolean
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail?: string }[]
}

export async function readiness({ operationsUrl }: Pick<SluiceGateway, 'operationsUrl'>): Promise<Ready> {
  const response = await fetch(`${operationsUrl}/readyz`)
  return { status: response.status, ...((await response.json()) as Omit<Ready, 'status'>) }
}

/** An upload of one file to /upload, in two pieces. */
export function uploadOf(content: Buffer, filename = 'f.bin'): { head: Buffer; body: Buffer; whole: Buffer } {
  const body = formBody('b', [{ name: 'f', filename, content }])
  const head = Buffer.from(
    `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  return { head, body, whole: Buffer.concat([head, body]) }
}

export const plainGet = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'
