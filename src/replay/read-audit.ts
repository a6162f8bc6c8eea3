import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { LineSplitter } from './line-splitter.ts'

const pieceSize = 4 * 1024 * 1024

export interface AuditReader {
  /** Gets each line without its line end; null for one that is too long for an audit. The bytes are valid until it returns. */
  readonly onLine: (line: Buffer | null) => void
  /** Gets the bytes of the file itself as they are read. */
  readonly onBytes: (bytes: number) => void
}

/** Reads an audit file from its beginning to its end; `-` is standard input, and `.gz` is unpacked. Rejects where it cannot be read. */
export async function readAudit(file: string, { onLine, onBytes }: AuditReader): Promise<void> {
  const source = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: pieceSize })
  const splitter = new LineSplitter(onLine)
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      onBytes(chunk.length)
      done(null, chunk)
    },
  })
  const lines = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) splitter.write(chunk)
    splitter.end()
  }
  if (file.endsWith('.gz')) await pipeline(source, counted, createGunzip({ chunkSize: pieceSize }), lines)
  else await pipeline(source, counted, lines)
}

/** Bytes of all files together; null where one of them has no end that is known. */
export async function sizeOf(files: readonly string[]): Promise<number | null> {
  if (files.includes('-')) return null
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
