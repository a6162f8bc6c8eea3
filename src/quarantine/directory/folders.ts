import { chmod, lstat, mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { withinDeadline } from '../../disk-deadline.ts'
import { syncFolder } from '../../sync-folder.ts'

/** `incoming` holds what is being written, under names that no entry has. */
export interface Folders {
  readonly root: string
  readonly incoming: string
  readonly held: string
  readonly releasing: string
}

/** Makes what is missing. Rejects where others could change what is kept there. */
export async function openFolders(root: string): Promise<Folders> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  if (((await stat(root)).mode & 0o002) !== 0) throw new Error(`every user may write to ${root}: chmod o-w it first`)
  const folders = foldersOf(root)
  for (const path of [folders.incoming, folders.held, folders.releasing]) await makePrivate(path)
  await syncFolder(root)
  return folders
}

export function foldersOf(root: string): Folders {
  return { root, incoming: join(root, 'incoming'), held: join(root, 'held'), releasing: join(root, 'releasing') }
}

async function makePrivate(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const found = await lstat(path)
  if (!found.isDirectory()) throw new Error(`${path} is no directory`)
  if (found.uid !== process.geteuid?.()) throw new Error(`${path} belongs to another user`)
  if ((found.mode & 0o077) !== 0) await chmod(path, 0o700)
}

/** Moves a file from one folder to another, durably. Where that cannot be had, it is back in its place. */
export async function move(name: string, from: string, to: string, newName = name): Promise<void> {
  await withinDeadline(rename(join(from, name), join(to, newName)))
  try {
    await syncFolder(to)
    await syncFolder(from)
  } catch (error) {
    await withinDeadline(rename(join(to, newName), join(from, name))).catch(() => {})
    throw error
  }
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
