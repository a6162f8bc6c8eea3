/** Which representation of a problem an Accept field asks for (RFC 9110, section 12.5.1). */

/** A longer field is read up to here: what matters stands at its front, and reading it all would be free work for a client. */
const MAX_LENGTH = 2048
const MAX_RANGES = 32

/** One media range and its parameters; quoted strings are taken whole, because they may hold commas. */
const RANGE = /([\w!#$%&'*+.^`|~-]+)\/([\w!#$%&'*+.^`|~-]+)((?:[^,"]|"(?:[^"\\]|\\.)*")*)(?:,|$)/y
const WEIGHT = /;[ \t]*q=([^;]*)/i
const QVALUE = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

interface MediaRange {
  readonly type: string
  readonly subtype: string
  readonly weight: number
}

/**
 * HTML only for a client that prefers it to JSON, as browsers do when they navigate. Without an Accept field, with a
 * plain wildcard, or where both weigh the same, the answer is JSON.
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false
  const ranges = parse(accept)
  const json = Math.max(weightOf(ranges, 'application', 'problem+json'), weightOf(ranges, 'application', 'json'))
  return weightOf(ranges, 'text', 'html') > json
}

function parse(accept: string): readonly MediaRange[] {
  const text = accept.slice(0, MAX_LENGTH)
  const ranges: MediaRange[] = []
  let position = 0
  while (position < text.length && ranges.length < MAX_RANGES) {
    position = skipSeparators(text, position)
    RANGE.lastIndex = position
    const match = RANGE.exec(text)
    if (match === null) break
    position = RANGE.lastIndex
    const weight = weightIn(match[3] ?? '')
    if (weight !== null) ranges.push({ type: lower(match[1]), subtype: lower(match[2]), weight })
  }
  return ranges
}

function skipSeparators(text: string, from: number): number {
  let position = from
  while (position < text.length && ' \t,'.includes(text.charAt(position))) position++
  return position
}

/** Null where the weight is no qvalue: such a range says nothing that could be obeyed. */
function weightIn(parameters: string): number | null {
  const found = WEIGHT.exec(parameters)?.[1]
  if (found === undefined) return 1
  const value = found.trim()
  return QVALUE.test(value) ? Number(value) : null
}

/** The most specific range that covers the type decides; 0 where none does. */
function weightOf(ranges: readonly MediaRange[], type: string, subtype: string): number {
  const exact = ranges.find((range) => range.type === type && range.subtype === subtype)
  const family = ranges.find((range) => range.type === type && range.subtype === '*')
  const any = ranges.find((range) => range.type === '*' && range.subtype === '*')
  return (exact ?? family ?? any)?.weight ?? 0
}

function lower(text: string | undefined): string {
  return (text ?? '').toLowerCase()
}
