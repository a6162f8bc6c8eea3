import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keptName } from './corpus.ts'
import { mutate } from './mutate.ts'
import { pick, randomFrom } from './random.ts'
import type { Seed } from './seeds.ts'
import { type Result, Subjects } from './subjects.ts'
import { tokensOf } from './tokens.ts'

export interface FuzzOptions {
  readonly seeds: readonly Seed[]
  readonly seconds: number
  readonly seed: number
  /** Where inputs are written that break, slow down or teach something. */
  readonly out: string
}

/** Inputs with a new trace that are mutated in turn; the oldest finds are dropped last. */
const mostKept = 3000

interface Slow {
  readonly cpu: number
  readonly perKiB: number
  readonly size: number
  readonly file: string
}

/** Runs until the time is over; returns how many inputs broke something. */
export async function fuzz({ seeds, seconds, seed, out }: FuzzOptions): Promise<number> {
  for (const why of ['broken', 'new', 'slow']) mkdirSync(join(out, why), { recursive: true })
  const random = randomFrom(seed)
  const subjects = new Subjects()
  const pool: Seed[] = [...seeds]
  const traces = new Set<string>()
  const slowest = new Map<string, Slow>()
  const broken = new Map<string, string>()
  const end = Date.now() + seconds * 1000
  let count = 0
  while (Date.now() < end) {
    const parent = count < seeds.length ? (seeds[count] as Seed) : pick(pool, random)
    const material = { random, other: pick(pool, random).bytes, tokens: tokensOf(parent.kind) }
    const bytes = count < seeds.length ? parent.bytes : mutate(parent.bytes, material)
    const result = await subjects.try(bytes)
    count += 1
    if (result.broken !== null && !broken.has(result.trace)) {
      broken.set(result.trace, `${result.broken}\n  ${keep(out, 'broken', parent.kind, bytes)}`)
    }
    if (!traces.has(result.trace)) {
      traces.add(result.trace)
      if (pool.length < mostKept) pool.push({ kind: parent.kind, bytes })
      if (bytes.length <= 4096) keep(out, 'new', parent.kind, bytes)
    }
    noteSlow(slowest, result, bytes, out)
  }
  await subjects.close()
  report(count, traces.size, slowest, broken)
  return broken.size
}

function noteSlow(slowest: Map<string, Slow>, { cpu, detected }: Result, bytes: Buffer, out: string): void {
  const size = bytes.length
  const perKiB = cpu / Math.max(1, size / 1024)
  // Shorter times are those of the machine: collecting garbage, compiling.
  if (cpu < 20 || perKiB <= (slowest.get(detected)?.perKiB ?? 0)) return
  slowest.set(detected, { cpu, perKiB, size, file: keep(out, 'slow', detected, bytes) })
}

function keep(out: string, why: string, kind: string, bytes: Buffer): string {
  const path = join(out, why, keptName(kind, bytes))
  writeFileSync(path, bytes)
  return path
}

function report(count: number, ways: number, slowest: Map<string, Slow>, broken: Map<string, string>): void {
  console.log(`${count} inputs, ${ways} ways through the parsers, ${broken.size} broke something`)
  for (const [type, { cpu, perKiB, size, file }] of [...slowest].sort(([, a], [, b]) => b.perKiB - a.perKiB)) {
    console.log(`${type.padEnd(8)} ${perKiB.toFixed(1)} ms/KiB, ${cpu.toFixed(0)} ms for ${size} bytes: ${file}`)
  }
  for (const words of broken.values()) console.log(words)
}
