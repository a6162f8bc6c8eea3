import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { withinDeadline } from './disk-deadline.ts'

/** Names that were made or removed in the folder would survive a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await withinDeadline(open(path, constants.O_RDONLY | constants.O_DIRECTORY))
  try {
    await withinDeadline(handle.sync())
  } finally {
    await handle.close()
  }
}
