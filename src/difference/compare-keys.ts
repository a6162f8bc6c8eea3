import { isDeepStrictEqual } from 'node:util'
import type { Difference } from './difference.ts'
import { type Change, changesOf } from './direction.ts'
import type { Key, Keys } from './key.ts'
import { shown } from './shown.ts'
import { valueAt } from './value-at.ts'

/** What keys belong to. */
export interface Owner {
  /** Before the name of a key, its dot included. */
  readonly path: string
  /** What sentences begin with; null: the path of the key. */
  readonly name: string | null
}

/** Compares two values key by key. What is absent as a whole on one side, its section tells. */
export function compareKeys(keys: Keys, before: unknown, after: unknown, owner: Owner): Difference[] {
  return Object.entries(keys).flatMap(([name, key]) => {
    const [old, current] = [valueAt(before, name), valueAt(after, name)]
    if (old === undefined || current === undefined || isDeepStrictEqual(old, current)) return []
    return changesOf(key.direction, old, current).map((change) =>
      differenceOf(key, { before: old, after: current, change }, { ...owner, path: owner.path + name }),
    )
  })
}

interface Compared {
  readonly before: unknown
  readonly after: unknown
  readonly change: Change
}

function differenceOf(key: Key, { before, after, change }: Compared, { path, name }: Owner): Difference {
  if (key.direction.kind === 'presence' && key.direction.of !== 'place') return hidden(path, change, before, after)
  const told = { before: shown(before, key.form), after: shown(after, key.form), change }
  const sentence = key.says === null ? `is ${told.after}, before ${told.before}` : key.says(told)
  return { effect: change.effect, path, before, after, words: `${name ?? path} ${sentence}` }
}

/** Sections may hold secrets as well. */
function hidden(path: string, { effect }: Change, before: unknown, after: unknown): Difference {
  if (before === null) return { effect, path, before: null, after: 'present', words: `${path} is new` }
  if (after === null) return { effect, path, before: 'present', after: null, words: `${path} is gone` }
  return { effect, path, before: 'present', after: 'changed', words: `${path} is changed` }
}
