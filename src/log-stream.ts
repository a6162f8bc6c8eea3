import { write, writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

/** Milliseconds until a pipe that is full is tried again. */
const PAUSE = 50

/**
 * Lines to a file descriptor, in the background and within a bound of characters: while the other end takes none, the
 * newest lines are lost, and nothing waits for the log. What is left when the process ends is written then, by one
 * attempt. Not sonic-boom (pino's destination): on a full disk that one tries for ever, and the process cannot end.
 */
export function logStream(descriptor: number, capacity: number): DestinationStream {
  let waiting = ''
  let busy = false

  function pump(): void {
    if (busy || waiting === '') return
    busy = true
    const chunk = Buffer.from(waiting)
    waiting = ''
    writeRest(chunk)
  }

  function writeRest(chunk: Buffer): void {
    write(descriptor, chunk, (error, written) => {
      const rest = chunk.subarray(error === null ? written : 0)
      if (error?.code === 'EAGAIN') return void setTimeout(writeRest, PAUSE, rest).unref()
      // Any other error will not go away by insisting: these lines are lost.
      if (error === null && rest.length > 0) return writeRest(rest)
      busy = false
      pump()
    })
  }

  process.once('exit', () => {
    try {
      writeSync(descriptor, waiting)
    } catch {
      // There is nobody left to tell.
    }
  })

  return {
    write(line) {
      if (waiting.length + line.length > capacity) return
      waiting += line
      pump()
    },
  }
}
