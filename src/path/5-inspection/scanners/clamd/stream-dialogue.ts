import type { Connection } from '../connection/connection.ts'
import type { Dialogue, Outcome } from '../connection/dialogue.ts'
import { unscanned } from '../faults.ts'
import { filePieces } from '../file-pieces.ts'
import type { ScanAnswer, ScannedFile } from '../scanner.ts'
import { createReplyReader, readReply } from './reply.ts'

/** Bytes of one chunk of INSTREAM. */
const longestChunk = 256 * 1024

/** One file within a session (IDSESSION), in which clamd numbers its replies and keeps the connection. */
export interface StreamQuestion {
  readonly connection: Connection
  readonly file: ScannedFile
  /** The how many-th command of the session it is; the first opens it. */
  readonly number: number
  readonly taken: (bytes: number) => void
}

/** INSTREAM: chunks, each behind its length in four bytes, most significant first; one without bytes ends it. */
export function streamDialogue({ connection, file, number, taken }: StreamQuestion): Dialogue<ScanAnswer> {
  const reader = createReplyReader()
  let whole = false
  return {
    async send() {
      let before = Buffer.from(`${number === 1 ? 'zIDSESSION\0' : ''}zINSTREAM\0`)
      for await (const piece of filePieces(file, longestChunk)) {
        if (!(await connection.send(before, lengthOf(piece.length), piece))) return
        taken(piece.length)
        before = Buffer.alloc(0)
      }
      whole = true
      await connection.send(before, lengthOf(0))
    },
    receive(bytes) {
      const reply = reader.receive(bytes)
      if (reply === null) return null
      if (reply === 'flood') return broken('flood')
      return reply.rest ? broken('garbage') : judge(reply.text, number, whole)
    },
  }
}

/** An error may come without a number, and leaves a session that is good for nothing more. */
function judge(text: string, number: number, whole: boolean): Outcome<ScanAnswer> {
  const [, numbered, reply = ''] = /^(?:(\d+): )?(.*)$/s.exec(text) ?? []
  const answer = readReply(reply, whole)
  if (answer.result === 'unscanned' && (answer.fault === 'failed' || answer.fault === 'sizeLimit'))
    return { answer, reusable: false }
  return numbered === `${number}` ? { answer, reusable: whole } : broken('garbage')
}

function broken(fault: 'flood' | 'garbage'): Outcome<ScanAnswer> {
  return { answer: unscanned(fault), reusable: false }
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes)
  return length
}
