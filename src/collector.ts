import { setFlagsFromString } from 'node:v8'

/**
 * Has the collector weigh the memory of buffers together with the heap, and start when both have grown by a third.
 * By itself it walks through the whole heap for every 32 MiB of buffers, however many are in use: while uploads of 16 MiB
 * went through, 64 times for each GiB, 15 times with this, which was a sixth of all CPU and of the pauses of other requests.
 */
export function weighBuffers(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit')
}
