import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { quantile } from '../report/statistics.ts'
import type { Punctuality } from './order.ts'

/** What the thread that counts the moments says: when it begins, by the monotonic clock, and then that a moment has come. */
export type Beat = { readonly begin: number } | 'beat'

export interface Pace {
  /** Resolves after the last beat. */
  readonly over: Promise<void>
  stop(): Promise<void>
}

/**
 * Calls `beat` with the moment for which it was planned, at each multiple of `interval` milliseconds, `count` times.
 * A thread sleeps until each moment: timers of Node are up to a millisecond late, which is what a GET takes. Beats that
 * are missed are made up for at once, with the moments for which they were planned.
 */
export function startPace(interval: number, count: number, beat: (planned: number) => void): Pace {
  const thread = new Worker(new URL('./pace-thread.ts', import.meta.url), { workerData: interval })
  const { promise: over, resolve, reject } = Promise.withResolvers<void>()
  let [begin, next] = [0, 0]
  thread.on('error', reject)
  thread.on('message', (message: Beat) => {
    if (typeof message === 'object') begin = message.begin
    else if (next < count) beat(begin + next++ * interval)
    if (next === count) resolve()
  })
  over.catch(() => {})
  return { over, stop: async () => void (await thread.terminate()) }
}

/** Notes how late things are done, and how busy this thread is meanwhile. */
export function watchPunctuality(): {
  readonly late: (milliseconds: number) => void
  readonly report: () => Punctuality
} {
  const before = performance.eventLoopUtilization()
  const delays: number[] = []
  return {
    late: (milliseconds) => void delays.push(milliseconds),
    report: () => ({
      late: { p99: quantile(delays, 0.99), max: quantile(delays, 1) },
      busy: performance.eventLoopUtilization(before).utilization,
    }),
  }
}
