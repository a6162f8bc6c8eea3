/**
 * What may stand in the `name` or `filename` of a canonical body so that every backend reads it alike. Each row was
 * seen to be decoded, trimmed, split or refused by at least one widespread multipart parser.
 */
const ambiguities: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/"/, 'a double quote'],
  [/\\/, 'a backslash'],
  // C0, DEL, C1 (with U+0085), and what some parsers take for a line end or a byte order mark.
  [/[\p{Cc}\u2028\u2029\uFEFF]/u, 'a control character'],
  [/%[0-9a-f]{2}/i, 'a percent sequence'],
  [/=\?/, 'the start of an encoded word (=?)'],
  [/&#?[0-9a-z]{1,32};/i, 'a character reference'],
  [/;\s*(?:file)?name\*?\s*=/i, 'text that looks like another parameter'],
  [/^\s|\s$/, 'a space at its start or end'],
]

/** Bytes after which some parsers cut a name or a file name. */
export const longestName = 255

const encoder = new TextEncoder()

export function byteLength(text: string): number {
  return encoder.encode(text).length
}

/** The text without the dots and spaces at its end, which Windows drops. Linear, unlike a pattern for it. */
export function withoutEnd(text: string): string {
  let end = text.length
  while (end > 0 && /[.\s]/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** What in the text backends read differently, in words ("a double quote"); empty where they all agree. */
export function ambiguitiesOf(text: string): string[] {
  const found = ambiguities.filter(([pattern]) => pattern.test(text)).map(([, words]) => words)
  if (!text.isWellFormed()) found.push('half of a surrogate pair')
  return found
}
