/** Inspects what the fuzzer and the growth tests found to cost most, 1 MiB of each, and tells of the worst by kind. */
import { bounds } from '../../fuzz/bounds.ts'
import { growing } from '../../fuzz/growth.ts'
import { inspectBytes } from '../../support/inspection.ts'
import { mebibyte } from '../workloads.ts'

export interface WorstCase {
  readonly kind: string
  /** What the input is made of. */
  readonly what: string
  /** Milliseconds of CPU, user and system. */
  readonly cpu: number
}

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
  if (cpu > (worst.get(kind)?.cpu ?? -1)) worst.set(kind, { kind, what, cpu })
}
process.send?.([...worst.values()])
process.disconnect?.()
