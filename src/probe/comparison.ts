import type { Report } from './report.ts'
import { isFinding, type Outcome } from './verdict/judge.ts'

export interface Change {
  readonly id: string
  readonly before: Outcome
  readonly after: Outcome
}

/** Two reports case by case, in the order of the later one. */
export interface Comparison {
  /** Got through before, and is stopped now. */
  readonly stopped: readonly Change[]
  /** Was stopped before, and gets through now. */
  readonly opened: readonly Change[]
  /** Gets through as before. */
  readonly still: readonly Change[]
  /** Was stopped and is stopped. */
  readonly safe: readonly Change[]
  /** Ids of cases that only one of the two has sent. */
  readonly incomparable: readonly string[]
}

/** `before` may be of another target, another day, another version of the suite. */
export function compare(before: Report, after: Report): Comparison {
  const sentBefore = sent(before)
  const sentAfter = sent(after)
  const changes = [...sentAfter].flatMap(([id, outcome]): Change[] => {
    const earlier = sentBefore.get(id)
    return earlier === undefined ? [] : [{ id, before: earlier, after: outcome }]
  })
  const both = new Set(changes.map(({ id }) => id))
  const choose = (was: boolean, is: boolean): Change[] =>
    changes.filter((change) => isFinding(change.before) === was && isFinding(change.after) === is)
  return {
    stopped: choose(true, false),
    opened: choose(false, true),
    still: choose(true, true),
    safe: choose(false, false),
    incomparable: [...new Set([...sentBefore.keys(), ...sentAfter.keys()])].filter((id) => !both.has(id)),
  }
}

function sent({ results }: Report): ReadonlyMap<string, Outcome> {
  return new Map(results.filter(({ outcome }) => outcome !== 'not sent').map(({ id, outcome }) => [id, outcome]))
}
