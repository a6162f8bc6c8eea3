import { setTimeout as sleep } from 'node:timers/promises'
import type { Owned } from './owned.ts'

const patience = 15_000

/** Waits until `GET /small` is answered with 200. Errors: the process ended, or 15 seconds went by. */
export async function untilReady(name: string, owned: Owned, port: number): Promise<void> {
  const deadline = performance.now() + patience
  while (!(await answers(port))) {
    const ended = owned.ended()
    if (ended !== null) throw new Error(`${name} does not start: ${ended}`)
    if (performance.now() > deadline) throw new Error(`${name} does not answer on port ${port}`)
    await sleep(50)
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/small`, { signal: AbortSignal.timeout(1000) })
    await answer.arrayBuffer()
    return answer.status === 200
  } catch {
    return false
  }
}
