import { type Key, list, looser, saying, scale, type Told } from '../key.ts'
import type { Form } from '../shown.ts'

/** How changes of a policy are told. Each goes on from "Policy claim-files" or from the names of routes. */

export function upTo(what: string, form: Form = 'plain', unit = ''): Key {
  return saying(looser(form), ({ before, after }) => `takes ${what} of up to ${after}${unit}, before ${before}`)
}

export function atMost(what: string): Key {
  return saying(looser(), ({ before, after }) => `takes at most ${after} ${what}, before ${before}`)
}

export function kept(what: string): Key {
  return either(what, ['refuse', 'refuses', 'refused'], ['keep', 'lets pass', 'let pass'])
}

export function released(what: string): Key {
  return either(`files ${what}`, ['refuse', 'refuses', 'refused'], ['release', 'releases', 'released'])
}

/** A choice of one word: "has as mode report, before enforce". */
export function is(what: string, key: Key): Key {
  return saying(key, ({ before, after }) => `has as ${what} ${after}, before ${before}`)
}

/** A list of what is taken; `all` is the word for everything. */
export function taken(what: string, all?: 'any' | null): Key {
  return saying(list('loosened', all), ({ before, after, change }) => {
    if (change.items.length === 0) return `takes ${what} ${anyFor(after)}, before ${anyFor(before)}`
    const items = change.items.join(', ')
    return change.added ? `also takes ${what} ${items}` : `no longer takes ${what} ${items}`
  })
}

/** A list of what is asked for. */
export function wanted(what: string): Key {
  return saying(list('tightened'), ({ change: { items, added } }: Told) =>
    added ? `also asks ${what} ${items.join(', ')}` : `no longer asks ${what} ${items.join(', ')}`,
  )
}

function anyFor(value: string): string {
  return value === 'none' || value === 'any' ? 'of any kind' : value
}

type Choice = readonly [word: string, present: string, past: string]

function either(what: string, tight: Choice, loose: Choice): Key {
  return saying(scale(tight[0], loose[0]), ({ after }) => {
    const [now, then] = after === loose[0] ? [loose, tight] : [tight, loose]
    return `${now[1]} ${what}, which it ${then[2]} before`
  })
}
