export interface Turns {
  /** Runs the work as soon as fewer than the most are under way. Rejects with the signal's reason while it waits. */
  take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>
}

export function openTurns(most: number): Turns {
  const waiting = new Set<() => void>()
  let running = 0
  const enter = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted()
    if (running < most) {
      running++
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = (): void => {
      // At once, so that no turn is handed to who has gone.
      waiting.delete(resolve)
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort)
    waiting.add(resolve)
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
  const leave = (): void => {
    const [next] = waiting
    if (!next) {
      running--
      return
    }
    waiting.delete(next)
    next()
  }
  return {
    async take(work, signal) {
      await enter(signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
