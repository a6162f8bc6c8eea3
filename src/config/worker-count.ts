import type { Snapshot } from './snapshot.ts'

/** Bytes of `hold.memory` that a process works with at the least: a piece of a body as it comes from a socket. */
export const leastMemory = 64 * 1024

export const mostWorkers = 64

/**
 * How many workers a configuration asks for on a machine with so many processors. With `auto` there are fewer where a
 * share of the hold could not take the largest request that a policy allows.
 */
export function workerCount({ configuration, policies }: Snapshot, processors: number): number {
  const { process, hold } = configuration
  if (process.workers !== 'auto') return process.workers
  const largest = Math.max(1, ...[...policies.values()].map(({ request }) => request.size))
  const fitting = Math.min(Math.floor(hold.memory / leastMemory), Math.floor(hold.spool.size / largest))
  return Math.max(1, Math.min(processors, mostWorkers, fitting))
}
