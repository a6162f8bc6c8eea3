import type { Effect } from './difference.ts'
import type { Change, Direction } from './direction.ts'
import type { Form } from './shown.ts'

export interface Told {
  readonly before: string
  readonly after: string
  readonly change: Change
}

/** A key of the configuration: which way it loosens, and how a change of it is told. */
export interface Key {
  readonly direction: Direction
  readonly form: Form
  /** Goes on from what the key belongs to: "takes files of up to 50MiB, before 25MiB". Null: the path, and the values. */
  readonly says: ((told: Told) => string) | null
}

export type Keys = Readonly<Record<string, Key>>

type Ends = 'loosest' | 'tightest' | null

/** More of it is looser. */
export function looser(form: Form = 'plain', none: Ends = null): Key {
  return { direction: { kind: 'number', greater: 'loosened', none }, form, says: null }
}

export function tighter(form: Form = 'plain', none: Ends = null): Key {
  return { direction: { kind: 'number', greater: 'tightened', none }, form, says: null }
}

/** Neither way is looser. */
export function neutral(form: Form = 'plain', effect: Effect = 'changed'): Key {
  return { direction: { kind: 'neutral', effect }, form, says: null }
}

/** Words from the tightest to the loosest; those of one place in an array. */
export function scale(...places: readonly (string | readonly string[])[]): Key {
  return { direction: { kind: 'scale', places: places.map((place) => [place].flat()) }, form: 'plain', says: null }
}

export function perTime(form: Form = 'plain'): Key {
  return { direction: { kind: 'rate' }, form, says: null }
}

export function list(more: Effect, all?: 'any' | null): Key {
  return { direction: { kind: 'list', more, all }, form: 'plain', says: listWords }
}

/** A mapping with keys of its own, or null. `lost`: what it does when it goes. */
export function section(lost: Effect): Key {
  return { direction: { kind: 'presence', of: 'section', lost }, form: 'plain', says: null }
}

/** Told only as present, absent or changed. */
export function secret(lost: Effect): Key {
  return { direction: { kind: 'presence', of: 'secret', lost }, form: 'plain', says: null }
}

/** A file or the like, whose name may be told. */
export function place(lost: Effect): Key {
  return { direction: { kind: 'presence', of: 'place', lost }, form: 'plain', says: null }
}

export const elsewhere: Key = { direction: { kind: 'elsewhere' }, form: 'plain', says: null }

export function saying(key: Key, says: (told: Told) => string): Key {
  return { ...key, says }
}

function listWords({ before, after, change: { items, added } }: Told): string {
  if (items.length === 0) return `has ${after}, before ${before}`
  return added ? `also has ${items.join(', ')}` : `no longer has ${items.join(', ')}`
}
