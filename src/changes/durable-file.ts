import { chmod, open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { withinDeadline } from '../disk-deadline.ts'
import { syncFolder } from '../sync-folder.ts'

/** A new content of a file, on the disk beside it. One of the two must be called. */
export interface PreparedFile {
  /** Puts it in the place of the old one, whole and durably. */
  commit(): Promise<void>
  /** Never rejects. */
  discard(): Promise<void>
}

/**
 * Writes a new content of an existing file beside it, with its mode and, where that can be had, its owner. A link stays
 * one, and what it points to is replaced. Rejects where the file or its folder cannot be written to.
 */
export async function prepareReplacement(file: string, content: string): Promise<PreparedFile> {
  const target = await withinDeadline(realpath(file))
  const { mode, uid, gid } = await withinDeadline(stat(target))
  // Its folder alone would let a file be replaced that was made read-only for a reason.
  await withinDeadline(open(target, 'r+').then((handle) => handle.close()))
  return prepare(target, content, { mode: mode & 0o777, owner: { uid, gid } })
}

/** Writes a file whole and durably, for the eyes of this user only. */
export async function writePrivate(file: string, content: string): Promise<void> {
  const prepared = await prepare(file, content, { mode: 0o600, owner: null })
  await prepared.commit()
}

interface Nature {
  readonly mode: number
  readonly owner: { readonly uid: number; readonly gid: number } | null
}

async function prepare(target: string, content: string, nature: Nature): Promise<PreparedFile> {
  const folder = dirname(target)
  const beside = join(folder, `.${basename(target)}.sluice-new`)
  const discard = (): Promise<void> => withinDeadline(unlink(beside)).catch(() => undefined)
  // What a crash left there.
  await discard()
  try {
    await withinDeadline(fill(beside, content, nature))
  } catch (error) {
    await discard()
    throw error
  }
  return {
    async commit() {
      await withinDeadline(rename(beside, target))
      await syncFolder(folder)
    },
    discard,
  }
}

async function fill(path: string, content: string, { mode, owner }: Nature): Promise<void> {
  // Never a file that is there already, nor through a link.
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(content)
    // Only root may give a file away; anybody else's copy then belongs to who runs the gateway.
    if (owner !== null) await file.chown(owner.uid, owner.gid).catch(() => undefined)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(path, mode)
}
