import { parentPort, threadId } from 'node:worker_threads'
import { newProgress, noteBegin, noteDetected } from '../../src/path/5-inspection/isolation/progress.ts'
import { remoteBytes } from '../../src/path/5-inspection/isolation/remote-bytes.ts'
import { type Message, type Task, windowHeader, windowSize } from '../../src/path/5-inspection/isolation/task.ts'

const progress = newProgress()
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has none
const say = (message: Message): void => parentPort?.postMessage(message)
say({ kind: 'thread', threadId, progress })

/** A thread that misbehaves as the name of the file says: what a parser with a defect would do. */
export default async function work(task: Task): Promise<unknown> {
  noteBegin(progress, task.id)
  noteDetected(progress, { type: 'png', description: 'PNG image' })
  switch (task.job.kind === 'inspect' ? task.job.name : '') {
    case 'loop':
      for (;;) Math.random()
    case 'hang':
      return new Promise(() => {})
    case 'memory': {
      const kept: string[][] = []
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => `${index}-${kept.length}`))
    }
    case 'throw':
      throw new Error('a defect')
    case 'exit':
      process.exit(3)
      break
    case 'read': {
      const window = new SharedArrayBuffer(windowHeader + windowSize)
      const bytes = remoteBytes(task.size, window, (start, end) =>
        say({ id: task.id, kind: 'read', start, end, window }),
      )
      return Array.from({ length: 40 }, (_, index) => bytes.read(index * 100_003, index * 100_003 + 97).toString('hex'))
    }
    default:
      return {
        detected: { type: 'txt', description: 'text' },
        content: { observations: [], uncovered: [] },
        archive: null,
        members: [],
      }
  }
}
