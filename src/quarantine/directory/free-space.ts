import { statfs } from 'node:fs/promises'
import { withinDeadline } from '../../disk-deadline.ts'

/** The disk's free bytes, of which `keepFree` are for others, and what is promised to entries is not given out again. */
export interface FreeSpace {
  /** Rejects with ENOSPC where the bytes do not fit. */
  promise(bytes: number): Promise<void>
  /** What was promised is written, or is no longer wanted. */
  settle(bytes: number): void
  /** Rejects with ENOSPC where not all that is promised fits any longer. */
  check(): Promise<void>
}

export function openFreeSpace(directory: string, keepFree: number): FreeSpace {
  let promised = 0
  const promise = async (bytes: number): Promise<void> => {
    const { bavail, bsize } = await withinDeadline(statfs(directory))
    // No await from here on: two that ask at once get two different answers.
    if (bavail * bsize - keepFree < promised + bytes) {
      throw Object.assign(new Error('the disk of the quarantine has too little free space left'), { code: 'ENOSPC' })
    }
    promised += bytes
  }
  return {
    promise,
    settle(bytes) {
      promised -= bytes
    },
    check: () => promise(0),
  }
}
