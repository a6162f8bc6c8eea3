import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Violation } from '../../problems/violation.ts'

/** With so many requests in waiting nothing more is read; those of one read of the socket may come on top. */
const mostWaiting = 32
/**
 * More than one read brings of requests that a client would really send (128 bytes each). Node keeps some kilobytes for
 * each, so that a connection full of smaller ones would hold a hundred times what was sent.
 */
const mostPipelined = 512

/**
 * What the gateway remembers of one client connection.
 *
 * Requests of a connection are served one after the other. Node dispatches a pipelined request while the one before is
 * still open, and goes on parsing after an early answer; here a request waits for its turn and is dropped when the
 * connection has been closed meanwhile, so that no byte after a refusal is ever taken for a request.
 */
export class Connection {
  readonly socket: Socket
  /** Set once an answer has closed the connection: nothing of it is parsed any more. */
  closed = false
  /** What is served goes on to its end even where the client seems to have gone. */
  patient = false
  watcher: Watcher | null = null
  #turn: Promise<void> | null = null
  /** Requests that were parsed and are not yet served. */
  #waiting = 0
  #reading: Reading | null = null
  /** Why nothing more can be read. */
  #broken: Violation | null = null

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** No request is being served, and the last answer is written out. */
  get idle(): boolean {
    return this.#turn === null && !this.closed
  }

  /** Runs `serve` after all earlier requests of this connection, unless the connection is closed by then. */
  serve(serve: () => Promise<void>): void {
    if (this.#waiting === mostPipelined) return this.#cut()
    if (this.#waiting++ === 0) this.watcher?.busy()
    this.#slowDown()
    const turn = this.#turn === null ? serve() : this.#turn.then(() => (this.#gone ? undefined : serve()))
    const mine: Promise<void> = turn.finally(() => {
      if (this.#turn === mine) this.#turn = null
      if (this.#waiting-- === mostWaiting) this.socket.resume()
      if (this.idle) this.watcher?.idle()
      this.#slowDown()
    })
    this.#turn = mine
  }

  /** RFC 9112 9.3.2: whoever pipelines must be ready to send again what was not answered. */
  #cut(): void {
    this.closed = true
    this.socket.destroy()
  }

  /** Node never tells a response that waited for its turn of the end of the connection. */
  get #gone(): boolean {
    return this.closed || this.socket.destroyed
  }

  /** In a tick of its own, and again after each answer, since at the end of a request Node goes on reading. */
  #slowDown(): void {
    if (this.#waiting < mostWaiting || this.closed) return
    process.nextTick(() => {
      if (this.#waiting >= mostWaiting && !this.closed) this.socket.pause()
    })
  }

  /** Whose body is being read: it is told when the bytes of it turn out to be no HTTP. */
  whileReading(reading: Reading | null): void {
    this.#reading = reading
    if (this.#broken) this.failReading(this.#broken)
  }

  /**
   * True when a request was being read and has been told. One that came whole is not to blame for what follows it; one
   * that waits for its turn is told when it begins to read.
   */
  failReading(reason: Violation): boolean {
    this.#broken = reason
    const reading = this.#reading
    if (!reading || reading.message.complete) return false
    this.#reading = null
    reading.fail(reason)
    return true
  }
}

/** Is told when the connection begins and when it ceases to have requests, by turns. */
export interface Watcher {
  readonly busy: () => void
  readonly idle: () => void
}

interface Reading {
  readonly message: Pick<IncomingMessage, 'complete'>
  readonly fail: (reason: Violation) => void
}

const connections = new WeakMap<Socket, Connection>()

export function connectionOf(socket: Socket): Connection {
  let connection = connections.get(socket)
  if (!connection) {
    connection = new Connection(socket)
    connections.set(socket, connection)
  }
  return connection
}
