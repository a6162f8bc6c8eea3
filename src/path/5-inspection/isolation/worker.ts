import { constants, setPriority } from 'node:os'
import { parentPort, threadId } from 'node:worker_threads'
import { type Bytes, memoryBytes } from '../bytes.ts'
import { inspect } from '../inspect.ts'
import { rewrite } from '../rewriting/rewrite.ts'
import { newProgress, noteBegin, noteDetected } from './progress.ts'
import { remoteBytes } from './remote-bytes.ts'
import {
  type Answer,
  type InspectJob,
  type Message,
  type RewriteJob,
  type Task,
  windowHeader,
  windowSize,
} from './task.ts'

// Requests come first: where processors are short, inspection waits. On Linux this is the priority of the thread alone;
// elsewhere it would be that of the process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const window = new SharedArrayBuffer(windowHeader + windowSize)
const progress = newProgress()
say({ kind: 'thread', threadId, progress })

/** What the pool calls on its thread. Untrusted bytes are parsed here, and nowhere else. */
export default async function work(task: Task): Promise<Answer<InspectJob | RewriteJob>> {
  noteBegin(progress, task.id)
  const { job } = task
  const bytes = bytesOf(task)
  if (job.kind === 'rewrite') return rewrite(bytes, job.type, job.rewriting)
  return inspect(bytes, job.name, job.bounds, (detected) => noteDetected(progress, detected))
}

function bytesOf({ id, size, bytes }: Task): Bytes {
  if (bytes !== null) return memoryBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return remoteBytes(size, window, (start, end) => say({ id, kind: 'read', start, end, window }))
}

function say(message: Message): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has none
  parentPort?.postMessage(message)
}
