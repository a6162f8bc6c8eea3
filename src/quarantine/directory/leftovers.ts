import { lstat, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { withinDeadline } from '../../disk-deadline.ts'
import { isEntryId } from '../entry-id.ts'
import { hasEnded, readTemporaryName } from './writer-name.ts'

/** A file that nobody has written to for so many milliseconds has no writer, wherever that ran. */
const abandoned = 60 * 60 * 1000

/** Removes half-written files whose writer died. Other files are left alone. */
export async function removeLeftovers(incoming: string): Promise<void> {
  for (const found of await withinDeadline(readdir(incoming, { withFileTypes: true }))) {
    const name = found.isFile() ? readTemporaryName(found.name) : null
    if (!name || !isEntryId(name.id)) continue
    const path = join(incoming, found.name)
    if (hasEnded(name.writer) || (await isAbandoned(path))) await withinDeadline(unlink(path)).catch(() => {})
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const changed = await withinDeadline(lstat(path)).catch(() => null)
  return changed !== null && changed.mtimeMs < Date.now() - abandoned
}
