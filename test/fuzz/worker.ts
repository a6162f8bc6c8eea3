/** Inspects what it is sent, one input at a time, in a thread that may be ended. */
import { parentPort } from 'node:worker_threads'
import { memoryBytes } from '../../src/path/5-inspection/bytes.ts'
import { inspect } from '../../src/path/5-inspection/inspect.ts'
import { bounds } from './bounds.ts'
import { traceOf } from './trace.ts'

export interface Outcome {
  /** Milliseconds of this thread's processor time. */
  readonly cpu: number
  readonly detected: string
  /** What was found, without names and numbers: inputs with a new trace are worth keeping. */
  readonly trace: string
  /** Bytes of the facts as JSON. */
  readonly facts: number
  readonly expanded: number
  readonly thrown: string | null
}

parentPort?.on('message', (bytes: Uint8Array) => void work(bytes).then(say))

function say(message: Outcome | 'ready'): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(message)
}

async function work(bytes: Uint8Array): Promise<Outcome> {
  const begun = process.threadCpuUsage()
  const spent = (): number => {
    const { user, system } = process.threadCpuUsage(begun)
    return (user + system) / 1000
  }
  try {
    const found = await inspect(
      memoryBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
      'file',
      bounds,
    )
    const facts = JSON.stringify(found).length
    const expanded = found.archive?.expanded ?? 0
    return {
      cpu: spent(),
      detected: found.detected.type ?? 'other',
      trace: traceOf(found),
      facts,
      expanded,
      thrown: null,
    }
  } catch (error) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { cpu: spent(), detected: 'thrown', trace: thrown.split('\n')[1] ?? thrown, facts: 0, expanded: 0, thrown }
  }
}

say('ready')
