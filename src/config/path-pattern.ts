/**
 * The patterns of `routes[].path`: literal segments, `*` for exactly one segment, and a last `**` for any number of
 * segments, also none. They are compared with the decoded path, so that they have no percent-encoding themselves.
 */
const longest = 1000

export function isWellFormedPattern(pattern: string): boolean {
  if (!pattern.startsWith('/') || pattern.length > longest) return false
  const segments = segmentsOf(pattern)
  return segments.every((segment, index) => isWellFormedSegment(segment, index === segments.length - 1))
}

function isWellFormedSegment(segment: string, last: boolean): boolean {
  if (segment === '*') return true
  if (segment === '**' || segment === '') return last
  return segment !== '.' && segment !== '..' && !/[*%?#;\\\p{Cc}]/u.test(segment)
}

function segmentsOf(pattern: string): string[] {
  return pattern.split('/').slice(1)
}

/** Whether the first pattern matches each path that the second one matches. */
export function covers(general: string, special: string): boolean {
  return coversSegments(segmentsOf(general), segmentsOf(special))
}

function coversSegments(general: readonly string[], special: readonly string[]): boolean {
  const [first, ...others] = general
  const [segment, ...rest] = special
  if (first === '**') return true
  if (first === undefined || segment === undefined) return first === segment
  if (segment === '**') return false
  if (first !== '*' && first !== segment) return false
  if (first === '*' && segment === '') return false
  return coversSegments(others, rest)
}

/** Whether some path is matched by both patterns. */
export function overlap(one: string, other: string): boolean {
  return overlapSegments(segmentsOf(one), segmentsOf(other))
}

function overlapSegments(one: readonly string[], other: readonly string[]): boolean {
  const [first, ...others] = one
  const [segment, ...rest] = other
  if (first === '**' || segment === '**') return true
  if (first === undefined || segment === undefined) return first === segment
  const fits = first === segment || (first === '*' && segment !== '') || (segment === '*' && first !== '')
  return fits && overlapSegments(others, rest)
}
