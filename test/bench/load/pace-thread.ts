/** Says that a beat has come, at the moment for which it is planned, until it is ended. */
import { parentPort, workerData } from 'node:worker_threads'
import { now } from './clock.ts'
import type { Beat } from './pace.ts'

const interval = workerData as number
const nobody = new Int32Array(new SharedArrayBuffer(4))
const begin = now() + 10
say({ begin })

for (let beat = 0; ; beat += 1) {
  const left = begin + beat * interval - now()
  if (left > 0) Atomics.wait(nobody, 0, 0, left)
  say('beat')
}

function say(beat: Beat): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has none
  parentPort?.postMessage(beat)
}
