import type { Worker } from 'node:cluster'

/** Of Node's messages, those that hand a connection to a worker, and those that say what became of one. */
interface HandOver {
  readonly act?: string
  readonly seq?: number
  readonly ack?: number
  readonly accepted?: boolean
}

interface Connection {
  close(): void
}

/**
 * Node's cluster forgets a connection that it has handed to a worker which dies before it takes it, or which all others
 * have stopped listening before: nobody reads it and nobody closes it, and its client waits for ever. Here it goes to
 * another worker, or is closed where there is none. It was not read from: a worker says that it takes one before it reads.
 *
 * This rests on the names that Node 26 gives its messages; where they change, Node's own behaviour is left.
 */
export function watchHandOvers({ process: child }: Pick<Worker, 'process'>, isAnotherThere: () => boolean): void {
  const underWay = new Map<number, Connection>()
  const send = child.send.bind(child) as (...parameters: unknown[]) => boolean

  child.send = (message: HandOver, ...rest: unknown[]) => {
    const [connection] = rest
    if (message.act === 'newconn' && message.seq !== undefined && isConnection(connection)) {
      underWay.set(message.seq, connection)
    }
    return send(message, ...rest)
  }
  child.on('internalMessage', ({ ack, accepted }: HandOver) => {
    if (ack === undefined) return
    const connection = underWay.get(ack)
    underWay.delete(ack)
    if (connection === undefined || accepted !== false || isAnotherThere()) return
    // Node's own listener came first, and may have found another worker that still listens.
    if (![...underWay.values()].includes(connection)) connection.close()
  })
  let isDisconnected = false
  child.once('disconnect', () => {
    isDisconnected = true
    for (const seq of underWay.keys()) {
      child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack: seq, accepted: false })
    }
  })
  // Nor does Node tell that the channel is closed where the last word on it was a connection.
  child.once('close', () => {
    if (!isDisconnected) child.emit('disconnect')
  })
}

function isConnection(handle: unknown): handle is Connection {
  return typeof handle === 'object' && handle !== null && 'close' in handle && typeof handle.close === 'function'
}
