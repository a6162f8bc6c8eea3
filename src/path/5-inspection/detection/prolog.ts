/** Constructs that may stand before the first element; each is skipped whole, so that the scan is linear for any text. */
type Skip = (text: string, at: number) => number

/** Offset after the construct that begins with `open` at this place; -1 where none does, or where it does not end. */
function enclosed(open: string, close: string): Skip {
  return (text, at) => {
    if (!text.startsWith(open, at)) return -1
    const end = text.indexOf(close, at + open.length)
    return end < 0 ? -1 : end + close.length
  }
}

const comment = enclosed('<!--', '-->')
const instruction = enclosed('<?', '?>')

/** A document type, with its internal subset where it has one. */
function documentType(text: string, at: number): number {
  if (text.slice(at, at + 9).toLowerCase() !== '<!doctype') return -1
  const end = text.indexOf('>', at)
  const subset = text.indexOf('[', at)
  if (subset < 0 || end < subset) return end < 0 ? -1 : end + 1
  const close = text.indexOf(']', subset)
  const last = close < 0 ? -1 : text.indexOf('>', close)
  return last < 0 ? -1 : last + 1
}

function skip(text: string, skips: readonly Skip[]): string {
  const space = /\s*/y
  let at = 0
  for (;;) {
    space.lastIndex = at
    at += space.exec(text)?.[0].length ?? 0
    const next = Math.max(...skips.map((one) => one(text, at)))
    if (next < 0) return text.slice(at)
    at = next
  }
}

/** The text from its first tag or document type on, comments left out. */
export function afterComments(text: string): string {
  return skip(text, [comment])
}

/** The local name of the root element in lower case, as XML or a lenient HTML reader finds it; null where none begins. */
export function rootElement(text: string): string | null {
  const element = skip(text, [comment, instruction, documentType])
  return /^<(?:[a-z_][\w.-]{0,99}:)?([a-z_][\w.-]{0,99})/i.exec(element)?.[1]?.toLowerCase() ?? null
}
