import { setPriority } from 'node:os'

/**
 * False where the system does not allow it, as it does root: the figures then hold more of what the measuring itself
 * waits for. On Linux it is of the main thread and of the threads that this one starts from now on.
 */
export function raisePriority(pid: number, nice: number): boolean {
  try {
    setPriority(pid, nice)
    return true
  } catch {
    return false
  }
}
