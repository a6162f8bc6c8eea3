import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSeconds } from './usage.ts'

const look = 300
const patience = 20_000
/** CPU seconds for a look below which a process counts as idle: two ticks. */
const idle = 0.02

/** Waits until a process tree has no more to do, for 20 seconds at most. False where it still had. */
export async function settle(pid: number): Promise<boolean> {
  const deadline = performance.now() + patience
  let before = cpuSeconds(pid)
  while (performance.now() < deadline) {
    await sleep(look)
    const now = cpuSeconds(pid)
    if (now - before <= idle) return true
    before = now
  }
  return false
}
