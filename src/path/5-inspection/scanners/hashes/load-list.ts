import { Worker } from 'node:worker_threads'
import type { HashList, ListReply, ListTask } from './hash-list.ts'

/** Milliseconds: 50 million entries take about half a minute on a slow machine. */
const longest = 600_000

/** Reads a list on a thread of its own. Rejects, with file and line, where it is no list; with the signal's reason. */
export async function loadList(task: ListTask, signal: AbortSignal): Promise<HashList> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('list-worker.ts', import.meta.url), {
    workerData: task,
    // What reads a file needs none of the secrets of the environment.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  })
  const either = AbortSignal.any([signal, AbortSignal.timeout(longest)])
  try {
    const reply = await replyOf(worker, either)
    if ('list' in reply) return reply.list
    throw new Error(reply.failure)
  } finally {
    await worker.terminate()
  }
}

function replyOf(worker: Worker, signal: AbortSignal): Promise<ListReply> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread that reads lists ended')))
    worker.once('exit', () => signal.removeEventListener('abort', abort))
  })
}
