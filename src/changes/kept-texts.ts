import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hashOf } from '../config/snapshot.ts'
import { withinDeadline } from '../disk-deadline.ts'
import { syncFolder } from '../sync-folder.ts'
import { writePrivate } from './durable-file.ts'

/** The texts of configurations, by their hashes: as they were written, without the secrets they refer to. */
export interface KeptTexts {
  /** Resolves when the text would survive a loss of power. */
  keep(text: string): Promise<void>
  /** Null where it is not kept, or is not what it was any more. */
  read(hash: string): Promise<string | null>
  /** Removes all others. */
  forgetAllBut(hashes: ReadonlySet<string>): Promise<void>
}

export function openKeptTexts(folder: string): KeptTexts {
  const pathOf = (hash: string): string => join(folder, `${hash}.yaml`)
  const read = async (hash: string): Promise<string | null> => {
    if (!isHash(hash)) return null
    const text = await withinDeadline(readFile(pathOf(hash), 'utf8')).catch(nullWhereMissing)
    return text !== null && hashOf(text) === hash ? text : null
  }
  return {
    async keep(text) {
      const hash = hashOf(text)
      if ((await read(hash)) !== null) return
      await withinDeadline(mkdir(folder, { recursive: true, mode: 0o700 }))
      await syncFolder(dirname(folder))
      await writePrivate(pathOf(hash), text)
    },
    read,
    async forgetAllBut(hashes) {
      const names = await withinDeadline(readdir(folder))
      const others = names.filter((name) => isHash(name.slice(0, 16)) && name.endsWith('.yaml'))
      for (const name of others) {
        if (!hashes.has(name.slice(0, 16))) await withinDeadline(unlink(join(folder, name)))
      }
    },
  }
}

/** Nothing else becomes a part of a path. */
function isHash(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text)
}

function nullWhereMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
