import { loosenSegment } from './loose-path.ts'

/** A path pattern, compiled. A null segment is "*". */
export interface PathPattern {
  readonly text: string
  readonly segments: readonly (string | null)[]
  /** The segments as loosenPath would give them; a final slash is no segment there. */
  readonly loose: readonly (string | null)[]
  /** Whether "**" takes any further segments, also none. */
  readonly rest: boolean
}

/**
 * Compiles `/files/*` or `/static/**`; "**" stands at the end only, so that matching is one comparison per segment.
 * @throws TypeError where "*" stands beside other characters or "**" is not last, which the configuration has refused.
 */
export function compilePath(text: string): PathPattern {
  const parts = splitPath(text)
  const rest = parts.at(-1) === '**'
  if (rest) parts.pop()
  if (!text.startsWith('/') || parts.some((part) => part !== '*' && part.includes('*'))) {
    throw new TypeError(`not a path pattern: ${text}`)
  }
  const segments = parts.map((part) => (part === '*' ? null : part))
  const loose = segments.filter((part) => part !== '').map((part) => (part === null ? null : loosenSegment(part)))
  return { text, segments, loose, rest }
}

/** "/" is one empty segment, "/a/" is "a" and an empty one. */
export function splitPath(path: string): string[] {
  return path.slice(1).split('/')
}

/** Compares case-sensitively; "*" takes one segment that is not empty. At most one comparison per pattern segment. */
export function matchSegments(
  pattern: readonly (string | null)[],
  rest: boolean,
  segments: readonly string[],
): boolean {
  if (rest ? segments.length < pattern.length : segments.length !== pattern.length) return false
  for (let i = 0; i < pattern.length; i++) {
    const expected = pattern[i]
    if (expected === null ? segments[i] === '' : segments[i] !== expected) return false
  }
  return true
}
