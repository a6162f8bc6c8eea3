import type { ContentRuleId } from '../../problems/catalogue.ts'
import type { ContentFacts, Measures, Observation, Uncovered, UnscannedReason } from '../types.ts'

/** Longest detail, in UTF-16 units: facts of a thousand members must stay an audit line. */
const longestDetail = 300
/** Kept for one reason and file; they say much the same. The policy may let one reason through and not another. */
const mostUncovered = 10

/** What inspectors noted about one file or member. */
export class Notes {
  readonly #observations = new Map<ContentRuleId, Observation>()
  readonly #uncovered = new Map<UnscannedReason, Uncovered[]>()
  #measures: Partial<Measures> = {}

  observe(rule: ContentRuleId, detail: string): void {
    const seen = this.#observations.get(rule)
    this.#observations.set(rule, { rule, count: (seen?.count ?? 0) + 1, detail: seen?.detail ?? cut(detail) })
  }

  uncovered(reason: UnscannedReason, detail: string): void {
    const known = this.#uncovered.get(reason) ?? []
    if (known.length < mostUncovered) this.#uncovered.set(reason, [...known, { reason, detail: cut(detail) }])
  }

  measure(measures: Partial<Measures>): void {
    this.#measures = { ...this.#measures, ...measures }
  }

  get facts(): ContentFacts {
    return {
      ...this.#measures,
      observations: [...this.#observations.values()],
      uncovered: [...this.#uncovered.values()].flat(),
    }
  }
}

function cut(text: string): string {
  return text.length > longestDetail ? `${text.slice(0, longestDetail - 1)}…` : text
}
