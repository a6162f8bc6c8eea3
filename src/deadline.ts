/** A time that something may take. Disposed of, it is never over. */
export interface Deadline extends Disposable {
  /** Aborted when the time is over, with an error of that message, or with the outer signal's reason. */
  readonly signal: AbortSignal
  readonly isOver: boolean
}

/** `AbortSignal.timeout` cannot be taken back, and goes on keeping what it would end; `longest` in milliseconds. */
export function startDeadline(longest: number, message: string, outer?: AbortSignal): Deadline {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(new Error(message)), longest).unref()
  return {
    signal: outer === undefined ? over.signal : AbortSignal.any([outer, over.signal]),
    get isOver() {
      return over.signal.aborted
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}
