import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { withinDeadline } from '../../disk-deadline.ts'
import { describeFault } from '../../printable.ts'
import { batches } from '../sealing/batches.ts'
import type { Kept } from '../store.ts'
import { type Folders, move } from './folders.ts'
import type { FreeSpace } from './free-space.ts'
import { temporaryName } from './writer-name.ts'

/** Bytes written at a time. */
const batchSize = 1024 * 1024
/** Others write to the same disk: its free space is asked for again after so many batches. */
const recheck = 8

/** No space, no quota, or a file larger than the process or the file system may have. */
const isFull = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** Writes a file under a temporary name and moves it to its place: whole and durable, or nothing of it. */
export async function writeEntry(
  folders: Folders,
  space: FreeSpace,
  id: string,
  sealed: { readonly size: number; readonly bytes: AsyncIterable<Buffer> },
  signal: AbortSignal,
): Promise<Kept> {
  const name = temporaryName(id)
  const path = join(folders.incoming, name)
  const promised = { left: 0 }
  try {
    await space.promise(sealed.size)
    promised.left = sealed.size
    await fill(path, space, promised, batches(sealed.bytes, batchSize, signal))
    signal.throwIfAborted()
    await move(name, folders.incoming, folders.held, id)
    return { kept: true }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    // EEXIST: the file is another call's.
    if (code !== 'EEXIST') await withinDeadline(unlink(path)).catch(() => {})
    signal.throwIfAborted()
    return { kept: false, reason: isFull.has(code) ? 'full' : 'failed', detail: describeFault(error) }
  } finally {
    space.settle(promised.left)
  }
}

async function fill(
  path: string,
  space: FreeSpace,
  promised: { left: number },
  pieces: AsyncIterable<Buffer>,
): Promise<void> {
  // 'wx': never a file that is there already, nor through a link.
  const file = await withinDeadline(open(path, 'wx', 0o600))
  let count = 0
  try {
    for await (const piece of pieces) {
      await withinDeadline(file.appendFile(piece))
      promised.left -= piece.length
      space.settle(piece.length)
      if (++count % recheck === 0) await space.check()
    }
    await withinDeadline(file.sync())
  } finally {
    // On a disk that hangs, closing waits for what is under way.
    await withinDeadline(file.close())
  }
}
