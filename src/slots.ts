/** How long and by whom a slot is waited for. */
export interface Patience {
  /** Milliseconds; null: for as long as it takes. */
  readonly wait: number | null
  readonly signal: AbortSignal
}

/** So many at a time, so many waiting, first come first served. */
export interface Slots {
  readonly active: number
  readonly waiting: number
  /** Resolves with whether there is a slot; rejects with the signal's reason. A slot that was had is to be freed once. */
  take(patience: Patience): Promise<boolean>
  readonly free: () => void
}

/** A bulkhead of cockatiel keeps the place of one that has gone until its turn comes, and has no longest wait. */
export function createSlots(concurrent: number, queue: number): Slots {
  const waiters = new Set<() => void>()
  let active = 0

  function wait({ wait: longest, signal }: Patience): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiters.delete(enter)
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
      const enter = (): void => {
        leave()
        resolve(true)
      }
      const abort = (): void => {
        leave()
        reject(signal.reason)
      }
      const late = (): void => {
        leave()
        resolve(false)
      }
      const timer = longest === null ? undefined : setTimeout(late, longest).unref()
      signal.addEventListener('abort', abort)
      waiters.add(enter)
    })
  }

  return {
    get active() {
      return active
    },
    get waiting() {
      return waiters.size
    },
    async take(patience) {
      patience.signal.throwIfAborted()
      if (active >= concurrent) return waiters.size < queue ? wait(patience) : false
      active += 1
      return true
    },
    free: () => {
      const [next] = waiters
      if (next === undefined) active -= 1
      else next()
    },
  }
}
