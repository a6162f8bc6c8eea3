import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startContender } from '../contenders/start.ts'
import type { Surroundings } from '../measure.ts'
import { type Owned, startModule } from '../processes/owned.ts'
import type { OneReport } from './inspect-one.ts'
import { type Sample, samples } from './samples.ts'
import type { WorstCase } from './worst-cases.ts'

export interface Inspected extends Omit<Sample, 'verdict'>, OneReport {
  /** Bytes. */
  readonly size: number
}

/** Each sample in a process of its own, so that the peak of memory is its own. */
export async function measureSamples(rounds: number, surroundings: Surroundings): Promise<Inspected[]> {
  const results: Inspected[] = []
  for (const sample of samples) {
    surroundings.progress(`inspection: ${sample.title}`)
    results.push(await measureSample(sample, rounds, surroundings.scratch))
  }
  return results
}

async function measureSample(sample: Sample, rounds: number, scratch: string): Promise<Inspected> {
  const bytes = await sample.make()
  const file = join(scratch, sample.name)
  writeFileSync(file, bytes)
  const owned = startModule(new URL('./inspect-one.ts', import.meta.url), join(scratch, 'inspect-one.log'), [
    file,
    String(rounds),
  ])
  try {
    const report = await firstMessage<OneReport>(owned)
    if (report.verdict !== sample.verdict)
      throw new Error(`${sample.title}: ${report.verdict} (${report.rules.join(', ')})`)
    return { ...sample, ...report, size: bytes.length }
  } finally {
    await owned.stop()
  }
}

/** The worst that fuzzing found, for each kind of file. */
export async function measureWorst({ scratch, progress }: Surroundings): Promise<readonly WorstCase[]> {
  progress('inspection: worst cases')
  const owned = startModule(new URL('./worst-cases.ts', import.meta.url), join(scratch, 'worst-cases.log'))
  try {
    return await firstMessage<readonly WorstCase[]>(owned)
  } finally {
    await owned.stop()
  }
}

/** Rejects where the process ends without a word. */
async function firstMessage<Message>(owned: Owned): Promise<Message> {
  const ended = once(owned.child, 'exit').then(() => Promise.reject(new Error(`the inspection ${owned.ended()}`)))
  ended.catch(() => {})
  const [message] = (await Promise.race([once(owned.child, 'message'), ended])) as [Message]
  return message
}

/** How plain requests fare, alone and beside sixteen clients that send archive bombs as fast as they are answered. */
export interface Beside {
  readonly alone: { readonly p50: number; readonly p99: number }
  readonly beside: { readonly p50: number; readonly p99: number }
  /** Bombs that were refused meanwhile. */
  readonly refused: number
}

const clients = 16

export async function measureBeside(seconds: number, surroundings: Surroundings): Promise<Beside> {
  const { scratch, sinkPort, generator, progress } = surroundings
  progress('inspection: plain requests beside archive bombs')
  const sluice = await startContender('sluice', sinkPort, scratch)
  try {
    const order = { kind: 'requests', port: sluice.port, what: 'get', connections: 4, seconds, most: 1e9 } as const
    await generator.run({ ...order, seconds: 2 })
    const alone = await generator.run(order)
    const bomb = await samples.find(({ name }) => name === 'bomb.zip')?.make()
    if (bomb === undefined) throw new Error('there is no bomb among the samples')
    const over = new AbortController()
    const attack = Array.from({ length: clients }, () => sendUntil(over.signal, sluice.port, bomb))
    await sleep(1000)
    const beside = await generator.run(order)
    over.abort()
    const refused = (await Promise.all(attack)).reduce((sum, count) => sum + count, 0)
    return { alone, beside, refused }
  } finally {
    await sluice.stop()
  }
}

async function sendUntil(signal: AbortSignal, port: number, bomb: Buffer): Promise<number> {
  let refused = 0
  while (!signal.aborted) {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(bomb)]), 'bomb.zip')
    const answer = await fetch(`http://127.0.0.1:${port}/files`, { method: 'POST', body: form, signal }).catch(
      () => null,
    )
    if (answer === null) continue
    if (answer.status < 400) throw new Error('a bomb was released')
    await answer.arrayBuffer().catch(() => null)
    refused += 1
  }
  return refused
}
