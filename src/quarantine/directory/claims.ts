import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { withinDeadline } from '../../disk-deadline.ts'
import { syncFolder } from '../../sync-folder.ts'
import { fileSize } from './entry-file.ts'
import { type Folders, isMissing, move } from './folders.ts'

/** The rename succeeds for one caller only, whatever process it is in. */
export async function claimFile(folders: Folders, id: string): Promise<'claimed' | 'releasing' | 'absent'> {
  try {
    // A link that somebody planted is not moved.
    if ((await fileSize(join(folders.held, id))) !== null) {
      await move(id, folders.held, folders.releasing)
      return 'claimed'
    }
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  return (await fileSize(join(folders.releasing, id))) === null ? 'absent' : 'releasing'
}

/** Removes a held entry, and with `claimed` one that is being released. */
export async function discardFile(folders: Folders, id: string, claimed: boolean): Promise<boolean> {
  for (const folder of claimed ? [folders.held, folders.releasing, folders.held] : [folders.held]) {
    if (await removeFile(folder, id)) return true
  }
  return false
}

async function removeFile(folder: string, id: string): Promise<boolean> {
  try {
    if ((await fileSize(join(folder, id))) === null) return false
    await withinDeadline(unlink(join(folder, id)))
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  await syncFolder(folder)
  return true
}
