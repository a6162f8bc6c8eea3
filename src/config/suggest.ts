/** Any two shorter words are near each other. */
const shortest = 3

/** What the same is called elsewhere, in lower case. */
const otherNames: Readonly<Record<string, string>> = {
  ip: 'client',
  address: 'client',
  remote_addr: 'client',
  interval: 'every',
  max: 'size',
  maxsize: 'size',
  contact: 'owner',
}

/** The known word that a mistyped or foreign one probably means, or null. */
export function suggest(word: string, known: readonly string[]): string | null {
  if (word.length > 64) return null
  const lower = word.toLowerCase()
  const own = Object.hasOwn(otherNames, lower) ? otherNames[lower] : undefined
  if (own !== undefined && known.includes(own)) return own
  const near = known
    .filter((candidate) => candidate.length >= shortest)
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((one, other) => one.far - other.far)
  return near[0]?.candidate ?? null
}

/** ` (did you mean "uploads"?)`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const candidate = suggest(word, known)
  return candidate === null ? '' : ` (did you mean ${candidate}?)`
}

/** Restricted Damerau-Levenshtein distance: insertions, deletions, substitutions, neighbours swapped. */
function distance(one: string, other: string): number {
  let before: number[] = []
  let above = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1]
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = above
    above = current
  }
  return at(above, other.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
