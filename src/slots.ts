/** How long and by whom a slot is waited for. */
export interface Patience {
  /** Milliseconds; null: for as long as it takes. */
  readonly wait: number | null
  readonly signal: AbortSignal
  /** Who waits with the smallest is next, of equals the one who came first; without ranks, first come is first served. */
  readonly rank?: number
}

/** `full`: so many wait already, all of them before this one. `late`: the longest wait is over. */
export type Taken = 'taken' | 'full' | 'late'

/** So many at a time, so many waiting. */
export interface Slots {
  readonly active: number
  readonly waiting: number
  /** Rejects with the signal's reason. A slot that was taken is to be freed once. */
  take(patience: Patience): Promise<Taken>
  readonly free: () => void
  /** Those that are taken, or wait, beyond smaller numbers stay. */
  readonly resize: (concurrent: number, queue: number) => void
}

interface Waiter {
  readonly rank: number
  readonly end: (taken: Taken) => void
}

/** A bulkhead of cockatiel keeps the place of one that has gone until its turn comes, and has no longest wait. */
export function createSlots(concurrentAtFirst: number, queueAtFirst: number): Slots {
  const waiters = new Set<Waiter>()
  let concurrent = concurrentAtFirst
  let queue = queueAtFirst
  let active = 0

  function wait({ wait: longest, signal, rank = 0 }: Patience): Promise<Taken> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiters.delete(waiter)
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
      const end = (taken: Taken): void => {
        leave()
        resolve(taken)
      }
      const abort = (): void => {
        leave()
        reject(signal.reason)
      }
      const waiter = { rank, end }
      const timer = longest === null ? undefined : setTimeout(end, longest, 'late').unref()
      signal.addEventListener('abort', abort)
      waiters.add(waiter)
    })
  }

  /** The last in line has to go where somebody comes who is before it. */
  function hasPlace(rank: number): boolean {
    if (waiters.size < queue) return true
    const last = extreme(waiters, (one, other) => one.rank >= other.rank)
    if (last === undefined || last.rank <= rank) return false
    last.end('full')
    return true
  }

  function fill(): void {
    while (active < concurrent) {
      const next = extreme(waiters, (one, other) => one.rank < other.rank)
      if (next === undefined) return
      active += 1
      next.end('taken')
    }
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
      if (active >= concurrent) return hasPlace(patience.rank ?? 0) ? wait(patience) : 'full'
      active += 1
      return 'taken'
    },
    free: () => {
      active -= 1
      fill()
    },
    resize(newConcurrent, newQueue) {
      concurrent = newConcurrent
      queue = newQueue
      fill()
    },
  }
}

/** The first of those that no other one beats. */
function extreme(waiters: ReadonlySet<Waiter>, beats: (one: Waiter, other: Waiter) => boolean): Waiter | undefined {
  let best: Waiter | undefined
  for (const waiter of waiters) if (best === undefined || beats(waiter, best)) best = waiter
  return best
}
