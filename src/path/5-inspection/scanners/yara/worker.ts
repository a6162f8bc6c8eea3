import { constants, setPriority } from 'node:os'
import { workerData } from 'piscina'
import { createEngine, type Engine } from './engine.ts'
import type { EngineReply, EngineTask, ScanTask } from './task.ts'

// Requests come first. On Linux this is the priority of the thread alone; elsewhere it would be that of the process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

/** Made before the first file comes: compiling takes seconds. */
const made = make(workerData as EngineTask)

function make(task: EngineTask): Engine | { readonly failure: string } {
  try {
    return createEngine(task)
  } catch (error) {
    return { failure: (error as Error).message }
  }
}

/** What the pool calls on its thread. An engine that failed is in an unknown state, so that its thread ends with it. */
export default function work(bytes: ScanTask): EngineReply {
  if ('failure' in made) return made
  if (bytes === null) return { match: null }
  try {
    return { match: made.scan(bytes) }
  } catch {
    // oxlint-disable-next-line unicorn/no-process-exit -- ends the thread only
    process.exit(1)
  }
}
