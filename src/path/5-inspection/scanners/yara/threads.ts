import { Piscina } from 'piscina'
import type { EngineReply, RuleSource, ScanTask } from './task.ts'

const mebibyte = 1024 * 1024

/** Milliseconds; a thousand rules take five seconds. */
const longestCompiling = 300_000

export interface ThreadOptions {
  /** Threads, each with rules of its own. */
  readonly threads: number
  /** Bytes that a thread may use besides the file: half for the engine, half for its heap. */
  readonly memory: number
  /** The largest file, in bytes. */
  readonly largest: number
}

export interface Threads {
  /** Rejects with the signal's reason, and where a thread has ended. */
  scan(bytes: Uint8Array, signal: AbortSignal): Promise<EngineReply>
  /** Ends the threads when they have answered. */
  retire(): Promise<void>
  /** Ends the threads. */
  close(): Promise<void>
}

/** Threads that have the rules compiled. Rejects with what is wrong with the rules. */
export async function startThreads(sources: readonly RuleSource[], options: ThreadOptions): Promise<Threads> {
  let pool = createPool(sources, options)
  let closed = false
  // A pool starts no threads again once one has failed to start; the next pool may have more luck.
  const replaceEmpty = (): void => {
    if (pool.threads.length > 0 || closed) return
    void pool.destroy()
    pool = createPool(sources, options)
  }
  const run = async (task: ScanTask, signal: AbortSignal): Promise<EngineReply> => {
    try {
      return (await pool.run(task, { signal })) as EngineReply
    } finally {
      replaceEmpty()
    }
  }
  const close = async (): Promise<void> => {
    closed = true
    await pool.destroy()
  }
  try {
    const reply = await run(null, AbortSignal.timeout(longestCompiling))
    if ('failure' in reply) throw new Error(reply.failure)
  } catch (error) {
    await close()
    throw error
  }
  return {
    scan: run,
    async retire() {
      closed = true
      await pool.close()
    },
    close,
  }
}

function createPool(sources: readonly RuleSource[], { threads, memory, largest }: ThreadOptions): Piscina {
  const heap = Math.max(32, Math.floor(memory / 2 / mebibyte))
  const pool = new Piscina({
    filename: new URL('worker.ts', import.meta.url).href,
    workerData: { sources, memory: memory / 2 + largest },
    minThreads: threads,
    maxThreads: threads,
    maxQueue: Number.POSITIVE_INFINITY,
    closeTimeout: 600_000,
    resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: Math.min(16, heap / 4) },
    // What reads a stranger's bytes needs none of the secrets of the environment.
    env: {},
    recordTiming: false,
  })
  // The death of a thread without a task: nothing else listens, and the process would end with it.
  pool.on('error', () => {})
  return pool
}
