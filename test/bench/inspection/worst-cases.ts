/** Inspects what the fuzzer and the growth tests found to cost most, 1 MiB of each, and tells of the worst by kind. */
import { bounds } from '../../fuzz/bounds.ts'
import { growing } from '../../fuzz/growth.ts'
import { inspectBytes } from '../../support/inspection.ts'
import { residentBytes } from '../processes/usage.ts'
import { mebibyte } from '../workloads.ts'

export interface WorstCase {
  readonly kind: string
  /** What the input is made of. */
  readonly what: string
  /** Milliseconds of CPU, user and system. */
  readonly cpu: number
  /** Bytes: the most that the process had after it, above what it had at its start. */
  readonly memory: number
}

const atRest = residentBytes(process.pid).now
const worst = new Map<string, WorstCase>()
for (const [name, grow] of Object.entries(growing)) {
  const [kind = '', what = ''] = name.split(': ')
  const bytes = grow(mebibyte)
  const times: number[] = []
  // The first of three is the compiler's.
  for (let round = 0; round < 3; round += 1) {
    const before = process.cpuUsage()
    await inspectBytes(bytes, `file.${kind}`, bounds)
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  const cpu = Math.min(...times)
  const memory = residentBytes(process.pid).peak - atRest
  if (cpu > (worst.get(kind)?.cpu ?? -1)) worst.set(kind, { kind, what, cpu, memory })
}
process.send?.([...worst.values()])
process.disconnect?.()
