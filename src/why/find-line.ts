import { type FileHandle, open } from 'node:fs/promises'
import { longestLine } from '../replay/line-splitter.ts'
import { naming, readAudit } from '../replay/read-audit.ts'

const pieceSize = 8 * 1024 * 1024
const lineEnd = 0x0a

/** The bytes by which a line is found: inside of strings, quotes are escaped, so that no client can write them. */
export function needleOf(requestId: string): Buffer {
  return Buffer.from(`"requestId":${JSON.stringify(requestId)}`)
}

export type OnBytes = (bytes: number) => void

/** The last line of an audit file that has the needle, without parsing any; null where none has. Rejects where it cannot be read. */
export async function findLine(file: string, needle: Buffer, onBytes: OnBytes): Promise<Buffer | null> {
  return file === '-' || file.endsWith('.gz')
    ? findForwards(file, needle, onBytes)
    : naming(file, () => findBackwards(file, needle, onBytes))
}

async function findForwards(file: string, needle: Buffer, onBytes: OnBytes): Promise<Buffer | null> {
  let found: Buffer | null = null
  const onLine = (line: Buffer | null): void => {
    if (line?.includes(needle) === true) found = Buffer.from(line)
  }
  await readAudit(file, { onLine, onBytes })
  return found
}

/** From the end: what somebody asks about has mostly just happened. */
async function findBackwards(file: string, needle: Buffer, onBytes: OnBytes): Promise<Buffer | null> {
  await using handle = await open(file)
  const { size } = await handle.stat()
  const piece = Buffer.alloc(pieceSize + needle.length)
  for (let end = size; end > 0; end -= pieceSize) {
    const start = Math.max(0, end - pieceSize)
    // Each piece reaches into the one after it, since the needle may lie across their border.
    const length = Math.min(end + needle.length, size) - start
    const { bytesRead } = await handle.read(piece, 0, length, start)
    onBytes(Math.min(bytesRead, pieceSize))
    const at = piece.subarray(0, bytesRead).lastIndexOf(needle)
    if (at !== -1) return lineAround(handle, start + at)
  }
  return null
}

/** The whole line that this offset is in. */
async function lineAround(handle: FileHandle, offset: number): Promise<Buffer> {
  const start = Math.max(0, offset - longestLine)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2 * longestLine), 0, 2 * longestLine, start)
  const text = buffer.subarray(0, bytesRead)
  const at = offset - start
  const begin = text.lastIndexOf(lineEnd, at) + 1
  const end = text.indexOf(lineEnd, at)
  return text.subarray(begin, end === -1 ? text.length : end)
}
