import type { Socket } from 'node:net'
import { connectionOf } from './connection.ts'

/** How long nothing of the answer may come, in milliseconds, to a client that has closed its side. */
const longestSilence = 5_000

/**
 * A client that closes its side after a whole request may be waiting for the answer, or may have gone: both look alike
 * until something is written to it. So it gets its answer as long as that keeps coming, and is taken for gone in a
 * silence: every page that somebody leaves would otherwise keep an event stream of the backend, and with it one of
 * the connections that all share. What must not be broken off says so by `patient`.
 */
export function outliveHalfClose(socket: Socket): void {
  socket.once('end', onEnd)
}

/** One function for all sockets: most of them never call it. */
function onEnd(this: Socket): void {
  const connection = connectionOf(this)
  let written = this.bytesWritten
  const check = (): void => {
    const quiet = this.bytesWritten === written && this.writableLength === 0
    if (quiet && !connection.patient) this.destroy()
    written = this.bytesWritten
  }
  const timer = setInterval(check, longestSilence)
  this.once('close', () => clearInterval(timer))
}
