/** What reviewers have to see comes first. */
export const effects = ['loosened', 'moved', 'changed', 'tightened'] as const

/**
 * What a change does: `loosened` lets through or believes more than before, `tightened` less; `moved` sends requests to
 * another policy or upstream; `changed` is neither.
 */
export type Effect = (typeof effects)[number]

/** One thing that holds after a change and did not before. JSON-serialisable; secrets are told as words only. */
export interface Difference {
  readonly effect: Effect
  /** As people write it: `policies.claim-files.files.size`; routes by their names: `routes["POST /upload"].policy`. */
  readonly path: string
  /** Sizes in bytes, times in milliseconds; null where there was nothing. */
  readonly before: unknown
  readonly after: unknown
  /** A sentence without its stop. */
  readonly words: string
}

export function byEffect(one: Difference, other: Difference): number {
  return effects.indexOf(one.effect) - effects.indexOf(other.effect)
}
