import { setTimeout } from 'node:timers/promises'
import { isPassing } from './client.ts'

/** Milliseconds before the second and the third try. */
const pauses = [100, 500]

/** Sends a request that may be sent twice, up to three times. */
export async function retried<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (const pause of pauses) {
    try {
      return await request()
    } catch (error) {
      if (signal?.aborted || !isPassing(error)) throw error
      await setTimeout(pause, undefined, signal ? { signal } : {})
    }
  }
  return request()
}
