import type { Backends } from '../contenders/backends.ts'
import type { Contender } from '../contenders/launch.ts'
import { type ContenderName, startContender } from '../contenders/start.ts'
import type { ProbeReport } from '../load/order.ts'
import { type Generator, startGenerator } from '../load/start.ts'
import type { Surroundings } from '../measure.ts'
import { watchMemory } from '../processes/memory-watch.ts'
import { raisePriority } from '../processes/priority.ts'
import { settle } from '../processes/settle.ts'
import { cpuSeconds, treeMemory } from '../processes/usage.ts'
import type { Observed, SlowReportWithCosts, Turn } from './results.ts'
import { bombing, flooding, getRate, type LanesScale, trickling } from './scale.ts'

/** Above everything else, so that what is late is the contender. */
const probePriority = -10

/** Where the GETs and the uploads of a turn go, and who makes them. */
export interface Stage {
  readonly ports: Backends
  /** Null where nothing stands between. */
  readonly pid: number | null
  readonly sinkPid: number
  readonly load: Generator
  readonly probe: Generator
  readonly seconds: number
}

/** A contender that was started for this turn, warmed up, with generators of its own; all of it ends with `work`. */
export async function onStage<T>(
  start: () => Promise<Contender | Backends>,
  { seconds, warmUp }: LanesScale,
  { scratch, sinkPid }: Surroundings,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const load = startGenerator(scratch, 'load')
  const probe = startGenerator(scratch, 'probe')
  raisePriority(probe.pid, probePriority)
  let contender: Contender | null = null
  try {
    const started = await start()
    contender = 'pid' in started ? started : null
    const ports = 'pid' in started ? { uploads: started.port, gets: started.port } : started
    const stage = { ports, pid: contender?.pid ?? null, sinkPid, load, probe, seconds }
    await warm(stage, warmUp)
    const done = await work(stage)
    const ended = contender?.ended() ?? null
    if (ended !== null) throw new Error(ended)
    return done
  } finally {
    await Promise.all([contender?.stop(), load.stop(), probe.stop()])
  }
}

async function warm({ ports, load, probe, pid }: Stage, seconds: number): Promise<void> {
  const requests = { kind: 'requests', connections: 32, seconds, most: 1e9 } as const
  await load.run({ ...requests, port: ports.gets, what: 'get' })
  await load.run({ ...requests, port: ports.uploads, what: 'document' })
  await probe.run({ kind: 'probe', port: ports.gets, rate: getRate, seconds: 1 })
  if (pid !== null) await settle(pid)
}

export function turnOf(
  name: ContenderName,
  scale: LanesScale,
  surroundings: Surroundings,
  bomb: string,
): Promise<Turn> {
  const { backends, scratch } = surroundings
  const start = (): Promise<Contender> => startContender(name, backends, scratch)
  return onStage(start, scale, surroundings, async (stage) => ({
    ...(await common(stage)),
    bombs: name === 'sluice' ? await besideBombs(stage, bomb) : null,
  }))
}

/** The same loads with nothing between them and the backends. */
export function directTurn(scale: LanesScale, surroundings: Surroundings): Promise<Turn> {
  const start = (): Promise<Backends> => Promise.resolve(surroundings.backends)
  return onStage(start, scale, surroundings, async (stage) => ({ ...(await common(stage)), bombs: null }))
}

/** The memory is that of the slow uploads, hence they come before the flood. */
async function common(stage: Stage): Promise<Omit<Turn, 'bombs'>> {
  return { idle: await watchGets(stage), slow: await besideSlow(stage), flood: await besideFlood(stage) }
}

export function watchGets({ probe, ports, seconds }: Stage): Promise<ProbeReport> {
  return probe.run({ kind: 'probe', port: ports.gets, rate: getRate, seconds })
}

async function besideSlow(stage: Stage): Promise<Observed<SlowReportWithCosts>> {
  const { pid, load, ports } = stage
  const before = pid === null ? null : treeMemory(pid)
  const peak = pid === null ? null : watchMemory(pid)
  const order = { ...trickling, port: ports.uploads }
  try {
    const seen = await load.beside(order, () => withCpu(pid, watchGets(stage)))
    const memory = before === null || peak === null ? null : { before, peak: peak() }
    return { gets: seen.work.done, load: { ...seen.load, cpu: seen.work.cpu, memory } }
  } finally {
    peak?.()
    await quiet(stage)
  }
}

async function besideFlood(stage: Stage): Promise<Turn['flood']> {
  const order = { ...flooding, port: stage.ports.uploads }
  const { load, work } = await stage.load.beside(order, () => withCpu(stage.sinkPid, watchGets(stage)))
  await quiet(stage)
  return { gets: work.done, load: { ...load, backend: work.cpu } }
}

/** Tells also what CPU time a process tree takes meanwhile: seconds for each second. */
async function withCpu<T>(pid: number | null, work: Promise<T>): Promise<{ done: T; cpu: number }> {
  const spent = (): number => (pid === null ? 0 : cpuSeconds(pid))
  const [begin, before] = [performance.now(), spent()]
  const done = await work
  return { done, cpu: ((spent() - before) * 1000) / (performance.now() - begin) }
}

async function besideBombs(stage: Stage, bomb: string): Promise<NonNullable<Turn['bombs']>> {
  const order = { ...bombing, port: stage.ports.uploads, content: bomb }
  const { load, work } = await stage.load.beside(order, () => watchGets(stage))
  return { gets: work, load }
}

async function quiet({ pid }: Stage): Promise<void> {
  if (pid !== null) await settle(pid)
}
