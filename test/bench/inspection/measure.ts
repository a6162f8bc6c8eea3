import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
