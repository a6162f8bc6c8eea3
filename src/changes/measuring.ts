import { type Counters, countedSince } from './counters.ts'
import { numbersOf } from './numbers.ts'
import { readWithin } from './read-within.ts'
import type { EffectDetails, Numbers } from './record.ts'
import type { Surroundings } from './surroundings.ts'

/** Measures what the latest change did, one at a time. Nothing here rejects. */
export interface Measuring {
  /** Begins with what was counted when the change was made, for so many milliseconds. */
  readonly begin: (number: number, window: number, counters: Counters) => void
  /** What was counted since the latest change. */
  readonly numbers: () => Promise<Numbers | null>
  /** Ends the measuring that runs, and records what it has. */
  readonly end: (cut: EffectDetails['cut']) => Promise<void>
  /** Ends it without a record, since the end of a trial has the numbers; what comes next is measured from those on. */
  readonly drop: () => void
}

interface Reading {
  readonly counters: Counters
  /** Milliseconds since 1970. */
  readonly at: number
}

interface Open {
  readonly number: number
  readonly before: Numbers
  readonly cancel: () => void
}

const by = { who: 'sluice', why: 'measured' }

export function createMeasuring({
  journal,
  readCounters,
  clock,
  log,
}: Pick<Surroundings, 'journal' | 'readCounters' | 'clock' | 'log'>): Measuring {
  /** Counters begin at 0 with the gateway. */
  let mark: Reading = { counters: [], at: clock.now() }
  let latest = mark
  let open: Open | null = null
  let ending = Promise.resolve()

  const numbers = async (): Promise<Numbers | null> => {
    const { counters, at } = mark
    try {
      latest = { counters: await readWithin(readCounters), at: clock.now() }
      return numbersOf(countedSince(counters, latest.counters), latest.at - at)
    } catch (err) {
      log.warn({ err }, 'what a change did could not be measured')
      return null
    }
  }

  const record = async ({ number, before }: Open, cut: EffectDetails['cut']): Promise<void> => {
    const after = await numbers()
    if (after === null) return
    await journal
      ?.measured(by, { of: number, before, after, cut })
      .catch((err: unknown) => log.warn({ err }, 'what a change did could not be recorded'))
  }

  const take = (): Open | null => {
    const ended = open
    ended?.cancel()
    open = null
    return ended
  }

  const end = (cut: EffectDetails['cut']): Promise<void> => {
    const ended = take()
    if (ended !== null) ending = record(ended, cut)
    return ending
  }

  return {
    begin(number, window, counters) {
      const at = clock.now()
      const before = numbersOf(countedSince(mark.counters, counters), at - mark.at)
      mark = { counters, at }
      open = { number, before, cancel: clock.after(window, () => void end(null)) }
    },
    numbers,
    end,
    drop() {
      take()
      mark = latest
    },
  }
}
