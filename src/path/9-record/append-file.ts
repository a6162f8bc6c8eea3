import { type FileHandle, open } from 'node:fs/promises'

/** Readable and writable by the owner, readable by the group: log shippers run in it, other users read nothing. */
const MODE = 0o640

/** How far back a torn line is looked for; longer than any line. */
const TAIL = 2 * 1024 * 1024

const LINE_END = 0x0a
const BRACE = 0x7b

export type OpenFile = (path: string, flags: string, mode: number) => Promise<AppendHandle>
type AppendHandle = Pick<FileHandle, 'write' | 'read' | 'stat' | 'truncate' | 'close'>

/** A file of lines with one writer, which is always at a line end when nobody writes. */
export interface AppendFile {
  /**
   * Resolves to the bytes that are on the file, all of them whole lines, and the error that ended the write early.
   * Whatever is left of a line after it is taken back: a full disk, or a power cut before, leaves no half line.
   */
  append(lines: readonly Buffer[]): Promise<{ readonly written: number; readonly error: Error | null }>
  close(): Promise<void>
}

export async function openAppendFile(path: string, openFile: OpenFile = open): Promise<AppendFile> {
  const handle = await openFile(path, 'a+', MODE)
  try {
    await takeBackTornLine(handle)
  } catch (error) {
    await handle.close()
    throw error
  }
  return {
    append: (lines) => append(handle, lines),
    close: () => handle.close(),
  }
}

async function append(handle: AppendHandle, lines: readonly Buffer[]) {
  const batch = Buffer.concat(lines)
  let written = 0
  try {
    while (written < batch.length) {
      written += (await handle.write(batch, written, batch.length - written, null)).bytesWritten
    }
    return { written, error: null }
  } catch (error) {
    // Where even this fails, the file is opened anew before the next write, and this tried again.
    await takeBackTornLine(handle).catch(() => undefined)
    return { written: batch.subarray(0, written).lastIndexOf(LINE_END) + 1, error: asError(error) }
  }
}

/** Pipes and devices cannot be taken back; their readers see the break. */
async function takeBackTornLine(handle: AppendHandle): Promise<void> {
  const stat = await handle.stat()
  if (!stat.isFile() || stat.size === 0) return
  const start = Math.max(0, stat.size - TAIL)
  const tail = Buffer.alloc(stat.size - start)
  const { bytesRead } = await handle.read(tail, 0, tail.length, start)
  const lineStart = tail.subarray(0, bytesRead).lastIndexOf(LINE_END) + 1
  if (lineStart === bytesRead) return
  // A wrong path in the configuration must not cost somebody else's file its end.
  if (tail[lineStart] !== BRACE) throw new Error('the audit file ends in something that is no audit line')
  await handle.truncate(start + lineStart)
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
