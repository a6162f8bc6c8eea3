import { readdirSync, readFileSync } from 'node:fs'

/** Ticks of /proc/PID/stat in a second: USER_HZ, 100 on every Linux that Node runs on. */
const ticksPerSecond = 100
/** Places in /proc/PID/stat behind the name of the program: proc(5). */
const field = { parent: 1, utime: 11, stime: 12, cutime: 13, cstime: 14 } as const

/** CPU seconds, user and system, that a process, its threads and all its descendants have used. */
export function cpuSeconds(root: number): number {
  let ticks = 0
  for (const pid of processTree(root)) {
    const stat = statOf(pid)
    for (const name of ['utime', 'stime', 'cutime', 'cstime'] as const) ticks += Number(stat?.[field[name]] ?? 0)
  }
  return ticks / ticksPerSecond
}

/** CPU seconds that the whole machine has spent on anything since it started: proc(5), the first line of /proc/stat. */
export function machineCpuSeconds(): number {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'latin1')
    .split(/\s+/)
    .slice(1)
    .map(Number)
  const ticks = [user, nice, system, irq, softirq, steal].reduce((sum: number, value) => sum + (value ?? 0), 0)
  return ticks / ticksPerSecond
}

/** The process and its descendants; empty where it has ended. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const stat = Number.isInteger(pid) ? statOf(pid) : null
    if (!stat) continue
    const parent = Number(stat[field.parent])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const tree = isRunning(root) ? [root] : []
  for (const pid of tree) tree.push(...(children.get(pid) ?? []))
  return tree
}

/** Resident bytes of one process: now, and the most so far. */
export function residentBytes(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return { now: kibibytes(status, 'VmRSS') * 1024, peak: kibibytes(status, 'VmHWM') * 1024 }
}

export interface Memory {
  /** Bytes of the whole tree: resident, and with pages that are shared divided among those that share them. */
  readonly rss: number
  readonly pss: number
}

/** Memory of a process and its descendants: proc(5), smaps_rollup. */
export function treeMemory(root: number): Memory {
  const sum = { rss: 0, pss: 0 }
  for (const pid of processTree(root)) {
    const text = textOf(`/proc/${pid}/smaps_rollup`)
    if (text === '') continue
    sum.rss += kibibytes(text, 'Rss') * 1024
    sum.pss += kibibytes(text, 'Pss') * 1024
  }
  return sum
}

function kibibytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1])
}

/** Empty where the process has ended meanwhile. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** False also for one that has ended and was not waited for yet. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)?.[0]
  return state !== undefined && state !== 'Z'
}

function statOf(pid: number): string[] | null {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat === '' ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
