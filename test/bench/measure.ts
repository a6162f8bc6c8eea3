import { setTimeout as sleep } from 'node:timers/promises'
import type { Backends } from './contenders/backends.ts'
import type { Contender } from './contenders/launch.ts'
import { type ContenderName, startContender } from './contenders/start.ts'
import type { RequestsReport, UploadsReport } from './load/order.ts'
import type { Generator } from './load/start.ts'
import { cpuSeconds } from './processes/usage.ts'
import { gibibyte, type Workload } from './workloads.ts'

/** Where the measuring takes place. */
export interface Surroundings {
  readonly scratch: string
  readonly backends: Backends
  /** The backend that takes the uploads. */
  readonly sinkPid: number
  readonly generator: Generator
  readonly progress: (text: string) => void
}

/** Figures of one contender in one round, by the name of their column. */
export type Figures = Readonly<Record<string, number>>
export type Measured = ReadonlyMap<ContenderName, readonly Figures[]>

/** What a contender still does after its last answer belongs to its cost. */
const settling = 100

/** All contenders take turns in every round, and another begins each: A B C, B C A, … */
export async function measure(workload: Workload, rounds: number, surroundings: Surroundings): Promise<Measured> {
  const { generator, progress, scratch, backends } = surroundings
  const contenders: Contender[] = []
  const measured = new Map<ContenderName, Figures[]>(workload.contenders.map((name) => [name, []]))
  try {
    for (const name of workload.contenders) contenders.push(await startContender(name, backends, scratch))
    for (const { name, port } of contenders) {
      progress(`${workload.name}: ${name} warms up`)
      await blaming(name, generator.run({ ...workload.warmUp, port }))
    }
    for (let round = 0; round < rounds; round++) {
      for (const contender of rotate(contenders, round)) {
        progress(`${workload.name}: round ${round + 1} of ${rounds}, ${contender.name}`)
        const figures = await blaming(contender.name, measureOne(workload, contender, generator))
        measured.get(contender.name as ContenderName)?.push(figures)
      }
    }
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()))
  }
  return measured
}

async function measureOne({ work }: Workload, { pid, port }: Contender, generator: Generator): Promise<Figures> {
  const before = cpuSeconds(pid)
  const report = await generator.run({ ...work, port })
  await sleep(settling)
  const cpu = cpuSeconds(pid) - before
  return 'bytes' in report ? ofUploads(report, cpu) : ofRequests(report, cpu)
}

function ofUploads({ bytes, seconds, wait }: UploadsReport, cpu: number): Figures {
  return { cpu: cpu / (bytes / gibibyte), rate: bytes / 1e6 / seconds, wait }
}

function ofRequests({ requests, seconds, p50, p99 }: RequestsReport, cpu: number): Figures {
  return { cpu: (cpu * 1e6) / requests, rate: requests / seconds, p50, p99 }
}

export function rotate<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

async function blaming<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error })
  }
}
