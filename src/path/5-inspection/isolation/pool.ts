import { getCompileCacheDir } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { Piscina } from 'piscina'

const mebibyte = 1024 * 1024

export interface InspectionOptions {
  /** Threads that inspect at a time; `auto` leaves one processor to everything else. */
  readonly threads: number | 'auto'
  /** Milliseconds that the inspection of a file may take on its thread, for each begun 256 MiB of it. */
  readonly timeout: number
  /** Milliseconds that a file may wait for a thread. */
  readonly wait: number
  /** Bytes that one thread may use: half for what it unpacks, half for what it thinks. */
  readonly memory: number
}

/** Threads that run the module `worker`, each within half of the memory; the other half is for what it unpacks. */
export function openPool(options: InspectionOptions, worker: URL): Piscina {
  const heap = Math.max(32, Math.floor(options.memory / 2 / mebibyte))
  return new Piscina({
    filename: worker.href,
    minThreads: 1,
    maxThreads: options.threads === 'auto' ? Math.max(1, availableParallelism() - 1) : options.threads,
    maxQueue: Number.POSITIVE_INFINITY,
    idleTimeout: 60_000,
    resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: Math.min(16, heap / 4) },
    env: environment(),
    recordTiming: false,
  })
}

/**
 * Nothing that parses a stranger's bytes needs the secrets of the environment. Sources that were compiled before are: a
 * thread that strips the types of its own takes 26 MiB and 600 ms more.
 */
function environment(): Record<string, string> {
  const cache = getCompileCacheDir()
  // Of the directory that was asked for; Node adds a folder for its version.
  return cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }
}
