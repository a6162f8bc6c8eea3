import type { ContentRuleId } from '../../../problems/catalogue.ts'

/** Notes an observation of one reading; `detail` as in `Observation`. */
export type Note = (rule: ContentRuleId, detail: string) => void

/** What one reading of a file comes to. */
export interface Findings {
  readonly note: Note
  /** Notes that more of something came than is looked at: a noun phrase. */
  readonly excess: (what: string) => void
}

/** Gathers the findings of several readings: the same thing is seen in each of them, and counts once. */
export class Readings {
  readonly #seen = new Map<ContentRuleId, { count: number; readonly detail: string }>()
  readonly excesses = new Set<string>()

  /** Gives `read` a place for its findings; returns the rules that it noted and no earlier reading had. */
  reading(read: (findings: Findings) => void): ContentRuleId[] {
    const own = new Map<ContentRuleId, { count: number; readonly detail: string }>()
    const note: Note = (rule, detail) => {
      const seen = own.get(rule)
      if (seen === undefined) own.set(rule, { count: 1, detail })
      else seen.count += 1
    }
    read({ note, excess: (what) => this.excesses.add(what) })
    const fresh = [...own.keys()].filter((rule) => !this.#seen.has(rule))
    for (const [rule, { count, detail }] of own) {
      const seen = this.#seen.get(rule)
      if (seen === undefined) this.#seen.set(rule, { count, detail })
      else seen.count = Math.max(seen.count, count)
    }
    return fresh
  }

  get observations(): readonly (readonly [rule: ContentRuleId, detail: string, count: number])[] {
    return Array.from(this.#seen, ([rule, { detail, count }]) => [rule, detail, count])
  }
}
