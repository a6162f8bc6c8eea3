import { write, writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

/** Milliseconds until a pipe that is full is tried again. */
const PAUSE = 50

/** What a pipe takes in one piece (PIPE_BUF of Linux): several processes write to the same, and lines must not mix. */
const ATOMIC = 4096

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
    write(descriptor, wholeLines(chunk), (error, written) => {
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

/** As many lines as travel in one piece; a longer one goes alone. */
function wholeLines(chunk: Buffer): Buffer {
  if (chunk.length <= ATOMIC) return chunk
  const last = chunk.lastIndexOf('\n', ATOMIC - 1)
  return chunk.subarray(0, (last === -1 ? chunk.indexOf('\n') : last) + 1)
}
