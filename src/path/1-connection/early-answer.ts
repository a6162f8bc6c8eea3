import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Connection } from './connection.ts'
import { Lingering } from './linger.ts'

/** An answer as it goes on the wire: status, header names and values by turns, body. */
export interface Answer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: Buffer
}

/** For requests that are refused (as nginx: 30 s, 5 s). */
const refusedRequests = new Lingering({
  total: 30_000,
  silence: 5_000,
  bytes: 1024 * 1024 * 1024,
  connections: 512,
})

/**
 * Answers a client that is still sending, so that it can read the answer (RFC 9112 9.6): the bytes are written to the
 * socket itself, our side is closed, and what still comes is read and thrown away within bounds. Closing at once instead
 * would reset the connection, and the answer would be lost with it.
 *
 * The connection is cut off from its HTTP parser first: nothing that comes after is taken for a request.
 * Calls `onDrained` with the bytes that were thrown away.
 */
export function answerEarly(
  connection: Connection,
  answer: Answer,
  onDrained: (bytes: number) => void,
  lingering = refusedRequests,
): void {
  const { socket } = connection
  connection.closed = true
  // Where the body was paused, only Node's HTTP server can make the socket read again, and does so in the next tick.
  socket.resume()
  process.nextTick(() => answerAndLinger(socket, answer, onDrained, lingering))
}

function answerAndLinger(
  socket: Socket,
  answer: Answer,
  onDrained: (bytes: number) => void,
  lingering: Lingering,
): void {
  // Its `close` has been told already: nobody would end the lingering.
  if (socket.destroyed) return onDrained(0)
  detachParser(socket)
  socket.end(serialise(answer))
  lingering.begin(socket, onDrained)
}

/**
 * Attaching a data listener makes Node's HTTP server hand the socket's reads back from its parser to the stream; taking
 * all listeners away after that leaves the parser without input.
 */
function detachParser(socket: Socket): void {
  socket.on('data', ignore)
  socket.removeAllListeners('data')
  socket.removeAllListeners('end')
  socket.removeAllListeners('timeout')
  socket.removeAllListeners('drain')
  socket.on('error', ignore)
}

function serialise({ status, headers, body }: Answer): Buffer {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  for (let index = 0; index + 1 < headers.length; index += 2) head += `${headers[index]}: ${headers[index + 1]}\r\n`
  head += `Date: ${new Date().toUTCString()}\r\nConnection: close\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}

function ignore(): void {}
