export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls once, after so many milliseconds; the result takes it back. */
  readonly after: (milliseconds: number, act: () => void) => () => void
}

/** Keeps no process alive. */
export const systemClock: Clock = {
  now: Date.now,
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds).unref()
    return () => clearTimeout(timer)
  },
}
