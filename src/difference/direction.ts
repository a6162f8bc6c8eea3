import type { Effect } from './difference.ts'
import { itemsOf, shown } from './shown.ts'

/** Which way a key loosens. */
export type Direction =
  /** `none`: what null means, where it is an end of the scale. */
  | { readonly kind: 'number'; readonly greater: Effect; readonly none: 'loosest' | 'tightest' | null }
  /** So much in a time. */
  | { readonly kind: 'rate' }
  /** Words from the tightest to the loosest; those of one place are neither. */
  | { readonly kind: 'scale'; readonly places: readonly (readonly string[])[] }
  /** `all`: the word, or null, that stands for every item. */
  | { readonly kind: 'list'; readonly more: Effect; readonly all: 'any' | null | undefined }
  /** What is there or not. Of a section that both sides have, its keys tell; of a secret, nobody. */
  | { readonly kind: 'presence'; readonly of: 'section' | 'secret' | 'place'; readonly lost: Effect }
  | { readonly kind: 'neutral'; readonly effect: Effect }
  /** Compared as part of something else: the settings of a pack, the place of a route. */
  | { readonly kind: 'elsewhere' }

export interface Change {
  readonly effect: Effect
  /** Of a list: what came or went; empty where the whole of it is meant. */
  readonly items: readonly string[]
  readonly added: boolean
}

const opposites: Readonly<Record<Effect, Effect>> = {
  loosened: 'tightened',
  tightened: 'loosened',
  moved: 'moved',
  changed: 'changed',
}

/** What became of a value that is not the same. A list may have lost and gained, which are two changes. */
export function changesOf(direction: Direction, before: unknown, after: unknown): readonly Change[] {
  switch (direction.kind) {
    case 'number':
      return [whole(numberEffect(direction, before, after))]
    case 'rate':
      return [whole(rateEffect(before, after))]
    case 'scale':
      return [whole(byRank(rankIn(direction.places, before), rankIn(direction.places, after)))]
    case 'list':
      return listChanges(direction, before, after)
    case 'presence':
      return presenceChanges(direction, before, after)
    case 'neutral':
      return [whole(direction.effect)]
    case 'elsewhere':
      return []
  }
}

function whole(effect: Effect): Change {
  return { effect, items: [], added: false }
}

function numberEffect(
  { greater, none }: Extract<Direction, { kind: 'number' }>,
  before: unknown,
  after: unknown,
): Effect {
  if (typeof before === 'number' && typeof after === 'number') return after > before ? greater : opposites[greater]
  if (none === null) return 'changed'
  return (after === null) === (none === 'loosest') ? 'loosened' : 'tightened'
}

/** Twice as many in twice the time come no faster, and may come at once. */
function rateEffect(before: unknown, after: unknown): Effect {
  if (!isPerTime(before) || !isPerTime(after)) return 'changed'
  const faster = Math.sign(after.amount / after.period - before.amount / before.period)
  const more = Math.sign(after.amount - before.amount)
  if (faster + more === 0) return 'changed'
  return faster + more > 0 ? 'loosened' : 'tightened'
}

function isPerTime(value: unknown): value is { readonly amount: number; readonly period: number } {
  return typeof value === 'object' && value !== null && 'amount' in value && 'period' in value
}

function rankIn(places: readonly (readonly string[])[], value: unknown): number {
  return places.findIndex((words) => words.includes(String(value)))
}

function byRank(before: number, after: number): Effect {
  if (before === after || before === -1 || after === -1) return 'changed'
  return after > before ? 'loosened' : 'tightened'
}

function listChanges({ more, all }: Extract<Direction, { kind: 'list' }>, before: unknown, after: unknown): Change[] {
  if (all !== undefined && after === all) return [whole(more)]
  if (all !== undefined && before === all) return [whole(opposites[more])]
  const [had = [], has = []] = [before, after].map((value) => itemsOf(value).map((item) => shown(item)))
  const added = has.filter((item) => !had.includes(item))
  const removed = had.filter((item) => !has.includes(item))
  return [
    ...(added.length > 0 ? [{ effect: more, items: added, added: true }] : []),
    ...(removed.length > 0 ? [{ effect: opposites[more], items: removed, added: false }] : []),
  ]
}

function presenceChanges(
  { of, lost }: Extract<Direction, { kind: 'presence' }>,
  before: unknown,
  after: unknown,
): Change[] {
  if (before !== null && after !== null) return of === 'section' ? [] : [whole('changed')]
  return [whole(after === null ? lost : opposites[lost])]
}
