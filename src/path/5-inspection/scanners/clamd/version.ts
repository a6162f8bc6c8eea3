import { plain } from '../../../../printable.ts'
import type { Connection } from '../connection/connection.ts'
import type { Connections } from '../connection/connections.ts'
import { converse, type Dialogue } from '../connection/dialogue.ts'
import { unscanned } from '../faults.ts'
import { says } from '../found.ts'
import type { ScannerVersion } from '../scanner.ts'
import { createReplyReader } from './reply.ts'

/** VERSION may be switched off; then clamd has to answer PING at least. */
export async function askVersion(connections: Connections, signal: AbortSignal): Promise<ScannerVersion> {
  const version = readVersion(await ask(connections, 'VERSION', signal))
  if (version) return version
  const pong = await ask(connections, 'PING', signal)
  if (pong !== 'PONG') throw new Error(says(pong))
  return { version: null, signaturesAt: null }
}

/**
 * `ClamAV 1.4.6/27000/Sun Nov 22 08:24:00 2026`; null for anything else. The time is in the zone of clamd, which is taken
 * to be ours. `ClamAV 1.4.6` alone, which is what it says without the official signatures, is not the version of anything
 * that decides what is found.
 */
export function readVersion(reply: string): ScannerVersion | null {
  const [, engine, signatures, time = ''] = /^(ClamAV [^/]+)(?:\/(\d+)(?:\/(.*))?)?$/.exec(reply.trim()) ?? []
  if (engine === undefined) return null
  const signaturesAt = Date.parse(time)
  return {
    version: signatures === undefined ? null : plain(`${engine}/${signatures}`, 200),
    signaturesAt: Number.isNaN(signaturesAt) ? null : signaturesAt,
  }
}

/** A single command, after which clamd ends the connection. */
async function ask(connections: Connections, command: string, signal: AbortSignal): Promise<string> {
  const begin = (connection: Connection): Dialogue<string> => commandDialogue(connection, command)
  const reply = await converse<string>({ connections, signal, reuse: false, begin })
  if (typeof reply === 'string') return reply
  throw new Error(reply.result === 'unscanned' ? reply.detail : reply.result)
}

function commandDialogue(connection: Connection, command: string): Dialogue<string> {
  const reader = createReplyReader()
  return {
    send: async () => void (await connection.send(Buffer.from(`z${command}\0`))),
    receive(bytes) {
      const reply = reader.receive(bytes)
      return reply && { answer: reply === 'flood' ? unscanned('flood') : reply.text, reusable: false }
    },
  }
}
