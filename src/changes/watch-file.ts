import { stat } from 'node:fs/promises'
import { withinDeadline } from '../disk-deadline.ts'
import type { Clock } from './clock.ts'

/** Milliseconds from one look to the next. */
const pause = 1000

/**
 * Calls when a file has become another one or has another content, and has stayed so from one look to the next: writers
 * are given the time to end. Looks, since notifications are lost on network disks, on mounted single files and where a
 * link is moved. The result stops it.
 */
export function watchFile(file: string, onChange: () => void, clock: Clock): () => void {
  let cancel = (): void => {}
  let stopped = false
  let told: string | null = null
  let seen: string | null = null

  const look = async (): Promise<void> => {
    const now = await natureOf(file)
    if (stopped) return
    // A file that is away for a moment is being replaced.
    const isSettled = now === seen && now !== null
    if (told === null) told = now
    else if (isSettled && now !== told) {
      told = now
      onChange()
    }
    seen = now
    cancel = clock.after(pause, () => void look())
  }

  void look()
  return () => {
    stopped = true
    cancel()
  }
}

/** What differs when somebody has written to it; null where it is not there. Never rejects. */
async function natureOf(file: string): Promise<string | null> {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = await withinDeadline(stat(file))
    return [dev, ino, size, mtimeMs, ctimeMs].join()
  } catch {
    return null
  }
}
