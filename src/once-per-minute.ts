const MINUTE = 60_000

/** The same complaint at most once a minute: a full disk must not be filled further by the log about it. */
export function oncePerMinute<Arguments extends unknown[]>(
  complain: (...given: Arguments) => void,
): (...given: Arguments) => void {
  let last = Number.NEGATIVE_INFINITY
  return (...given) => {
    const now = performance.now()
    if (now - last < MINUTE) return
    last = now
    complain(...given)
  }
}
