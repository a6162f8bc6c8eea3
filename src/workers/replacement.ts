/** How long a worker that ends is waited for before the next takes its place. */
export interface Replacement {
  /** Milliseconds; `lived`: of the one that ended, since its start. */
  next(lived: number): number
}

/** Milliseconds: one that lived so long did not die of its start. */
const longLife = 60_000
const firstPause = 500
const longestPause = 30_000

/** At once for one that lived, and for the first that did not; then each pause is twice the one before. */
export function createReplacement(): Replacement {
  let early = 0
  return {
    next(lived) {
      early = lived >= longLife ? 0 : early + 1
      return early <= 1 ? 0 : Math.min(longestPause, firstPause * 2 ** (early - 2))
    },
  }
}
