import { type Address, type Connection, openConnection } from './connection.ts'

export interface ConnectionsOptions {
  readonly address: Address
  /** Milliseconds for opening one. */
  readonly connect: number
  /** The most that are kept for the next file. */
  readonly idle: number
  /** Milliseconds for which one is kept. */
  readonly keep: number
}

/** Connections to one scanner. */
export interface Connections {
  /** The one that served last and still stands; null where there is none. */
  idle(): Connection | null
  /** Rejects as `openConnection` does. */
  open(signal: AbortSignal): Promise<Connection>
  /** Takes one back for the next file; it must have nothing under way. */
  keep(connection: Connection): void
  /** From now on, no more than so many are kept. */
  limit(idle: number): void
  /** Ends all of them, those in use included, and lets none be opened again. */
  close(): Promise<void>
}

export function createConnections({ address, connect, idle, keep }: ConnectionsOptions): Connections {
  const closing = new AbortController()
  const all = new Set<Connection>()
  const waiting = new Map<Connection, NodeJS.Timeout>()
  let most = idle

  function wake(connection: Connection): void {
    clearTimeout(waiting.get(connection))
    waiting.delete(connection)
  }

  return {
    idle() {
      const connection = [...waiting.keys()].findLast(({ ended }) => !ended)
      if (!connection) return null
      wake(connection)
      return connection
    },
    async open(signal) {
      const connection = await openConnection(address, connect, AbortSignal.any([signal, closing.signal]))
      all.add(connection)
      void connection.closed.then(() => all.delete(connection))
      if (closing.signal.aborted) connection.destroy()
      return connection
    },
    keep(connection) {
      if (connection.ended || closing.signal.aborted || waiting.size >= most) return connection.destroy()
      waiting.set(
        connection,
        setTimeout(() => connection.destroy(), keep),
      )
      connection.listen({ receive: () => connection.destroy(), ended: () => wake(connection) })
    },
    limit(idle) {
      most = idle
    },
    async close() {
      closing.abort(new Error('the scanner is closed'))
      const ending = [...all].map((connection) => {
        connection.destroy()
        return connection.closed
      })
      await Promise.all(ending)
    },
  }
}
