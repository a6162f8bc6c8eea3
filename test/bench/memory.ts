import { statfs } from 'node:fs/promises'
import { startContender } from './contenders/start.ts'
import type { Surroundings } from './measure.ts'
import { cpuSeconds, residentBytes } from './processes/usage.ts'
import { gibibyte, type MemoryCase, mebibyte } from './workloads.ts'

/** `hold.memory` in contenders/sluice.yaml. */
export const holdMemory = 256 * mebibyte
/** What the process may take besides the held bodies: program, heap, buffers on their way. */
export const allowance = 120 * mebibyte

export interface MemoryResult extends MemoryCase {
  /** Bytes. */
  readonly atRest: number
  readonly peak: number
  /** Seconds for each GiB. */
  readonly cpu: number
  readonly seconds: number
  /** Null where the goal is kept. */
  readonly failure: string | null
}

/** Runs one case against a gateway of its own, so that the peak is of this case. */
export async function checkMemory(work: MemoryCase, surroundings: Surroundings): Promise<MemoryResult> {
  const { scratch, backends, generator, progress } = surroundings
  const { uploads, fileSize } = work
  await expectFree(scratch, uploads * fileSize)
  const sluice = await startContender('sluice', backends, scratch)
  try {
    const atRest = residentBytes(sluice.pid).now
    progress(`memory: ${work.title}`)
    const order = { kind: 'uploads', port: sluice.port, fileSize, count: uploads, inFlight: uploads } as const
    const [begin, before] = [performance.now(), cpuSeconds(sluice.pid)]
    const refused = await generator.run({ ...order, together: true }).then(
      () => null,
      (error: Error) => error.message,
    )
    const seconds = (performance.now() - begin) / 1000
    const cpu = (cpuSeconds(sluice.pid) - before) / ((uploads * fileSize) / gibibyte)
    const ended = sluice.ended()
    const peak = ended === null ? residentBytes(sluice.pid).peak : Number.NaN
    return { ...work, atRest, peak, cpu, seconds, failure: ended ?? refused ?? judge(peak) }
  } finally {
    await sluice.stop()
  }
}

function judge(peak: number): string | null {
  const over = peak - holdMemory - allowance
  return over < 0 ? null : `${Math.ceil(over / mebibyte)} MiB over the goal`
}

async function expectFree(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize > bytes * 1.1) return
  throw new Error(`the memory check needs ${Math.ceil((bytes * 1.1) / mebibyte)} MiB free in ${folder}; see --scratch`)
}
