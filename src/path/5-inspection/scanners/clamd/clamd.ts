import type { Address, Connection } from '../connection/connection.ts'
import { createConnections } from '../connection/connections.ts'
import { countTaken } from '../connection/count-taken.ts'
import { converse } from '../connection/dialogue.ts'
import type { ScanAnswer, Scanner } from '../scanner.ts'
import { streamDialogue } from './stream-dialogue.ts'
import { askVersion } from './version.ts'

export interface ClamdOptions {
  readonly address: Address
  /** Milliseconds for opening a connection. */
  readonly connect: number
  /** The most connections that are kept open for the next file. */
  readonly connections: number
}

/** Milliseconds; clamd gives up on a silent connection after 30 s (IdleTimeout, CommandReadTimeout). */
const keep = 20_000

/** ClamAV's daemon, over its unix socket or TCP (clamd(8): zINSTREAM in an IDSESSION, one file at a time). */
export async function openClamd({ address, connect, connections: idle }: ClamdOptions): Promise<Scanner> {
  const connections = createConnections({ address, connect, idle, keep })
  const served = new WeakMap<Connection, number>()
  return {
    scan(file, asking) {
      const count = countTaken((bytes) => asking.taken(bytes))
      return converse<ScanAnswer>({
        connections,
        signal: asking.signal,
        reuse: true,
        begin(connection) {
          const number = (served.get(connection) ?? 0) + 1
          served.set(connection, number)
          return streamDialogue({ connection, file, number, taken: count() })
        },
      })
    },
    version: (signal) => askVersion(connections, signal),
    close: () => connections.close(),
  }
}
