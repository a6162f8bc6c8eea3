import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import { withinDeadline } from '../../disk-deadline.ts'
import type { Source } from '../medium.ts'
import type { EntryState } from '../store.ts'
import { type Folders, isMissing } from './folders.ts'

export async function openEntryFile(folders: Folders, id: string): Promise<Source | null> {
  // Once more in `held`: it may have been given back after the first look.
  for (const state of ['held', 'releasing', 'held'] as const) {
    const source = await openFile(join(folders[state], id), state)
    if (source) return source
  }
  return null
}

/** Null where there is no file: links and devices that somebody planted are none. */
export async function fileSize(path: string): Promise<number | null> {
  try {
    const found = await withinDeadline(lstat(path))
    return found.isFile() ? found.size : null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

async function openFile(path: string, state: EntryState): Promise<Source | null> {
  if ((await fileSize(path)) === null) return null
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await withinDeadline(open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (!file) return null
  try {
    const { size } = await withinDeadline(file.stat())
    const read = (start: number, end: number): Promise<Buffer> => readRange(file, start, end)
    return { size, piece: 256 * 1024, state, read, close: () => file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readRange(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(Math.max(0, end - start))
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await withinDeadline(file.read(buffer, filled, buffer.length - filled, start + filled))
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
