import { describeFault } from '../printable.ts'
import { type Counters, countedSince } from './counters.ts'
import type { Guard } from './guards/guard.ts'
import { judge } from './guards/judge.ts'
import { printGuard } from './guards/print.ts'
import type { TrialState } from './outcome.ts'
import { readWithin } from './read-within.ts'
import type { EndDetails } from './record.ts'
import type { Configured, Surroundings } from './surroundings.ts'

export interface Trial {
  readonly state: TrialState
  /** What comes back. */
  readonly before: Configured
  readonly guards: readonly Guard[]
  /** What was counted when it began. */
  readonly baseline: Counters
  /** Milliseconds since 1970. */
  readonly until: number
}

/** Why a trial is over. */
export type Over = Pick<EndDetails, 'reason' | 'guard' | 'value'>

/** Milliseconds from one look at the guards to the next. */
const pause = 1000

/** Looks in a row at which the counters could not be read: what cannot be judged must not stay in force. */
const mostUnread = 10

/**
 * Looks at a trial every second until it is over, and then calls `end`; again, as long as that answers that it could not
 * be ended. The result stops it.
 */
export function watchTrial(
  trial: Trial,
  { readCounters, clock, log }: Pick<Surroundings, 'readCounters' | 'clock' | 'log'>,
  end: (over: Over) => Promise<boolean>,
): () => void {
  let cancel = (): void => {}
  let stopped = false
  let unread = 0

  const breach = async (): Promise<Over | null> => {
    if (trial.guards.length === 0) return null
    try {
      const counted = countedSince(trial.baseline, await readWithin(readCounters))
      unread = 0
      return breachOf(trial.guards, counted)
    } catch (error) {
      unread += 1
      log.warn({ why: describeFault(error) }, 'the guards of a trial could not be judged')
      return unread < mostUnread ? null : { reason: 'unread', guard: null, value: null }
    }
  }

  const look = async (): Promise<void> => {
    const late = clock.now() >= trial.until ? ({ reason: 'time', guard: null, value: null } as const) : null
    const over = (await breach()) ?? late
    if (stopped || (over !== null && (await end(over)))) return
    if (!stopped) cancel = clock.after(pause, () => void look())
  }

  cancel = clock.after(pause, () => void look())
  return () => {
    stopped = true
    cancel()
  }
}

/** The first guard that does not hold. */
function breachOf(guards: readonly Guard[], counted: Counters): Over | null {
  for (const guard of guards) {
    const { holds, value } = judge(guard, counted)
    if (!holds) return { reason: 'guard', guard: printGuard(guard), value }
  }
  return null
}
