import { now } from './clock.ts'

/**
 * Turns through `slots` in `period` milliseconds, again and again, by one timer. Slots that are missed are made up for in
 * their order. `lateness`: milliseconds behind the plan.
 */
export function startWheel(
  slots: number,
  period: number,
  turn: (slot: number, lateness: number) => void,
): { stop(): void } {
  const step = period / slots
  const begin = now()
  let next = 1
  const timer = setInterval(
    () => {
      for (let late = now() - begin - next * step; late >= 0; late -= step) turn(next++ % slots, late)
    },
    Math.max(1, Math.floor(step)),
  )
  return { stop: () => clearInterval(timer) }
}
