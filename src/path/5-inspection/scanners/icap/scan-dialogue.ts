import type { Connection } from '../connection/connection.ts'
import type { Dialogue } from '../connection/dialogue.ts'
import { filePieces } from '../file-pieces.ts'
import type { ScanAnswer, ScannedFile } from '../scanner.ts'
import { readAnswer } from './answer.ts'
import { readDialogue } from './read-dialogue.ts'
import { scanRequest } from './request.ts'
import type { Service } from './service.ts'

const longestChunk = 256 * 1024
const none = Buffer.alloc(0)
const lastChunk = Buffer.from('0\r\n\r\n')
/** Of a preview that is the whole file. */
const lastChunkOfAll = Buffer.from('0; ieof\r\n\r\n')

export interface ScanQuestion {
  readonly connection: Connection
  readonly service: Service
  readonly file: ScannedFile
  /** Bytes that the service wants to see first; null: it takes all at once. */
  readonly preview: number | null
  readonly taken: (bytes: number) => void
  /** Told the tag of service and signatures that came with the answer. */
  readonly tagged: (tag: string | null) => void
}

/** RESPMOD or REQMOD with one file as the body, after a preview where the service wants one (RFC 3507 section 4.5). */
export function scanDialogue(question: ScanQuestion): Dialogue<ScanAnswer> {
  const { connection, service, file, preview, taken, tagged } = question
  const permission = Promise.withResolvers<boolean>()
  let waiting = false
  let whole = false

  async function put(before: Buffer, bytes: Buffer, after: Buffer): Promise<boolean> {
    const sent = await connection.send(before, ...chunk(bytes), after)
    if (sent) taken(bytes.length)
    return sent
  }

  async function putRest(first: Buffer, pieces: AsyncIterable<Buffer>): Promise<void> {
    if (first.length > 0 && !(await put(none, first, none))) return
    for await (const piece of pieces) if (!(await put(none, piece, none))) return
    whole = true
    await connection.send(lastChunk)
  }

  /** Whether the service wants the rest of the file. */
  function wanted(): Promise<boolean> {
    return Promise.race([permission.promise, connection.closed.then(() => false)])
  }

  async function send(): Promise<void> {
    const pieces = filePieces(file, longestChunk)
    try {
      const start = await readStart(pieces, preview ?? 0)
      const shown = start.subarray(0, preview ?? 0)
      whole = preview !== null && file.size <= preview
      waiting = preview !== null && !whole
      if (whole) await pieces.next()
      const length = preview === null ? null : shown.length
      const head = scanRequest({ service, name: file.name, size: file.size, preview: length })
      if (!(await put(head, shown, endOfPreview())) || whole) return
      if (preview === null || (await wanted())) await putRest(start.subarray(shown.length), pieces)
    } finally {
      await pieces.return()
    }
  }

  function endOfPreview(): Buffer {
    if (preview === null) return none
    return whole ? lastChunkOfAll : lastChunk
  }

  function proceed(): boolean {
    const asked = waiting
    waiting = false
    permission.resolve(true)
    return asked
  }

  const read = readDialogue((incoming) =>
    readAnswer(incoming, { file, method: service.method, proceed, tagged, isWhole: () => whole }),
  )
  return {
    send,
    receive(bytes) {
      const outcome = read(bytes)
      if (outcome) permission.resolve(false)
      return outcome
    },
  }
}

/** At least so many bytes, or all of the file. */
async function readStart(pieces: AsyncGenerator<Buffer, void>, least: number): Promise<Buffer> {
  const start: Buffer[] = []
  for (let length = 0; length < least; ) {
    const { value } = await pieces.next()
    if (!value) break
    start.push(value)
    length += value.length
  }
  return Buffer.concat(start)
}

function chunk(bytes: Buffer): Buffer[] {
  return bytes.length === 0 ? [] : [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]
}
