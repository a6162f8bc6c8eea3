import { setTimeout as sleep } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds that only go on. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

export const realClock: Clock = { now: () => performance.now(), sleep: (milliseconds) => sleep(milliseconds) }

/** Resolves when the next request may go. */
export type Pace = () => Promise<void>

/** Spreads requests evenly, so that no second has more than so many; time that was not used is not saved up. */
export function startPace(perSecond: number, { now, sleep: wait }: Clock): Pace {
  const gap = 1000 / perSecond
  let free = Number.NEGATIVE_INFINITY
  return async () => {
    const time = now()
    const turn = Math.max(time, free)
    free = turn + gap
    if (turn > time) await wait(turn - time)
  }
}
