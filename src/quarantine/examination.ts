import { type Row, readEach } from './list-entries.ts'
import type { Found, Medium } from './medium.ts'
import type { Keyring } from './sealing/keyring.ts'
import type { UnreadableEntry } from './store.ts'

/** Which entries can be read. Each is tried once as long as it is there; where a disk or server failed, again. */
export interface Examination {
  /** What this process has written itself. */
  trust(id: string): void
  examine(found: readonly Found[], signal: AbortSignal): Promise<readonly UnreadableEntry[]>
}

export function openExamination(medium: Medium, keyring: Keyring): Examination {
  /** By id; null is one that can be read. */
  const known = new Map<string, UnreadableEntry | null>()
  return {
    trust: (id) => void known.set(id, null),
    async examine(found, signal) {
      const there = new Set(found.map(({ id }) => id))
      for (const id of known.keys()) if (!there.has(id)) known.delete(id)
      const fresh = found.filter(({ id }) => !known.has(id))
      const failed: UnreadableEntry[] = []
      const note = (row: Row, id: string): void => {
        if (row === null) return
        if ('entry' in row) known.set(id, null)
        else if (row.permanent) known.set(id, row.unreadable)
        else failed.push(row.unreadable)
      }
      await readEach(medium, keyring, fresh, note, signal)
      return [...[...known.values()].filter((entry) => entry !== null), ...failed]
    },
  }
}

/** Of all entries of a medium those that cannot be read, as far as they are known when the signal is aborted. */
export async function examineMedium(
  medium: Medium,
  keyring: Keyring,
  signal: AbortSignal,
): Promise<readonly UnreadableEntry[]> {
  return openExamination(medium, keyring).examine(await medium.look(), signal)
}
