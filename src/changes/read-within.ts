import { startDeadline } from '../deadline.ts'
import { orAbort } from '../or-abort.ts'
import type { Counters, ReadCounters } from './counters.ts'

/** Milliseconds that all processes of the gateway have to tell what they counted. */
const longest = 5000

/** Rejects where they cannot be had in time. */
export async function readWithin(readCounters: ReadCounters): Promise<Counters> {
  using deadline = startDeadline(longest, 'the counters were not told in time')
  return await orAbort(readCounters(), deadline.signal)
}
