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
export async function readAudit(file: string, reader: AuditReader): Promise<void> {
  await naming(file, () => readLines(file, reader))
}

/** Has a failure of the system or of an archive say of which file it is. */
export async function naming<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const { code } = error
    const what = code === 'ENOENT' ? 'found no file of this name' : code === 'EISDIR' ? 'found a folder' : error.message
    throw Object.assign(new Error(`${file}: ${what}`, { cause: error }), { code })
  }
}

async function readLines(file: string, { onLine, onBytes }: AuditReader): Promise<void> {
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
  const sizes = await Promise.all(files.map((file) => naming(file, async () => (await stat(file)).size)))
  return sizes.reduce((sum, size) => sum + size, 0)
}
