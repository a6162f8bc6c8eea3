import type { QuarantineAction } from '../../ledger/ledger.ts'

export type Action = QuarantineAction

/** What a person wants done, and why. */
export interface Decision {
  /** Of the entry. */
  readonly id: string
  readonly who: string
  readonly why: string
  /** The person has made sure that the backend does not have it from an earlier release that nobody knows the end of. */
  readonly again: boolean
  /** Where it was said. */
  readonly via: 'command' | 'operations'
}

const longest = { who: 200, why: 2000 } as const

/** What is wrong with the words of a decision, as a clause; null where nothing is. */
export function decisionDefect({ who, why }: Pick<Decision, 'who' | 'why'>): string | null {
  for (const [name, text] of Object.entries({ who, why }) as ['who' | 'why', string][]) {
    if (text.trim() === '') return `${name} is empty`
    if (text.length > longest[name]) return `${name} has more than ${longest[name]} characters`
  }
  return null
}
