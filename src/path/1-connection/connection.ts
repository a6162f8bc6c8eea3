import type { Socket } from 'node:net'
import type { Violation } from '../../problems/violation.ts'

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
  #turn: Promise<void> | null = null
  #fail: ((reason: Violation) => void) | null = null

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** Runs `serve` after all earlier requests of this connection, unless the connection is closed by then. */
  serve(serve: () => Promise<void>): void {
    const turn = this.#turn === null ? serve() : this.#turn.then(() => (this.closed ? undefined : serve()))
    const mine: Promise<void> = turn.finally(() => {
      if (this.#turn === mine) this.#turn = null
    })
    this.#turn = mine
  }

  /** Who is to be told when the bytes of the body that is being read turn out to be no HTTP. */
  whileReading(fail: ((reason: Violation) => void) | null): void {
    this.#fail = fail
  }

  /** True when a request was being read and has been told. */
  failReading(reason: Violation): boolean {
    const fail = this.#fail
    this.#fail = null
    fail?.(reason)
    return fail !== null
  }
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
