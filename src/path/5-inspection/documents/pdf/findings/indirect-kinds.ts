import { type Dictionary, has, nameOf, referenceOf, type Value, valuesOf } from '../syntax/value.ts'
import { actionRule } from './actions.ts'
import type { Observe } from './active-content.ts'

/** Of either that are kept; sound files have none. What has more may hide an action among them. */
const most = 10_000
/** Keys of which an action has one that is worth hiding. */
const keys = ['JS', 'F', 'Win', 'Mac', 'Unix', 'T', 'D', 'TA', 'Sound', 'R', 'OP']

/**
 * Actions whose kind is written in another object: `/S 7 0 R`, where object 7 is the name /JavaScript. Readers follow
 * that, and no producer writes it. Fonts have a key /S of their own, which leads to a glyph.
 */
export class IndirectKinds {
  readonly #kinds = new Map<number, string>()
  readonly #wanted = new Set<number>()

  /** Whether some may have been left out. */
  get overflowed(): boolean {
    return Math.max(this.#kinds.size, this.#wanted.size) >= most
  }

  /** An object of its own. */
  object(number: number, value: Value): void {
    const name = nameOf(value)
    if (name !== null && actionRule(name) !== null && this.#kinds.size < most) this.#kinds.set(number, name)
  }

  /** A dictionary anywhere. */
  add(dictionary: Dictionary): void {
    for (const value of valuesOf(dictionary, 'S')) {
      const number = referenceOf(value)
      if (number !== null && this.#wanted.size < most && keys.some((key) => has(dictionary, key)))
        this.#wanted.add(number)
    }
  }

  conclude(observe: Observe): void {
    for (const [number, kind] of this.#kinds) {
      const rule = this.#wanted.has(number) ? actionRule(kind) : null
      if (rule === null) continue
      observe(rule, `an action is of the kind ${kind}, which is written elsewhere`)
      observe('file.pdf.structure', `the kind of an action, ${kind}, is written elsewhere`)
    }
  }
}
