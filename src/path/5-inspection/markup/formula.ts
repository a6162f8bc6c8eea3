/** What spreadsheets skip before a formula, or lose on import. */
export const leading = /^[\s"\uFEFF\u200B]+/

/** Characters that begin a formula: those of OWASP (CSV Injection), and the full-width and small forms of them. */
const triggers = '=+\\-@\\u2212\\uFF1D\\uFF0B\\uFF0D\\uFF20\\uFE62\\uFE63\\uFE66\\uFE6B'
const begins = new RegExp(`^[\\s"\\uFEFF\\u200B]*[${triggers}]`)

/** Whether a character, by its UTF-16 unit, may be one of those: a cell without any is no formula, and calls nothing. */
export function mayBegin(code: number): boolean {
  return code === 0x3d || code === 0x2b || code === 0x2d || code === 0x40 || code > 0x7f
}

/**
 * Whether a spreadsheet runs a cell. Cells that begin with a sign and are a number, a date, a telephone number, an amount
 * or a measure are values; so are rows of signs ("---"), words after an @ ("@name", "@scope/name") and the constant that
 * programs write to keep leading zeros (="0012"): they call nothing and refer to nothing.
 */
export function isFormula(cell: string): boolean {
  if (!begins.test(cell)) return false
  const text = cell.replace(leading, '').normalize('NFKC').replace(/\s+/g, ' ').trim()
  if (signs.test(text)) return false
  if (text.startsWith('=')) return !constant.test(text)
  if (text.startsWith('@')) return calling.test(text)
  return !isValue(text)
}

/** Where a piece of a cell would call something if another separator than the table's own were meant. */
const calls = /[,;\t|] *"?(?:=[^,;\t]*[(|!]|[-+@][-+@ ]*[\w.]+[(|!])/

export function callsWithin(cell: string): boolean {
  return calls.test(cell)
}

const signs = /^[-+=_*\u2212\s|]+$/
const constant = /^="[^"]*"$/
/** A function, a DDE item, or a cell of another sheet. */
const calling = /[\w.]\(|\||'!|[\w\]]![A-Z$]/i

/** Digits and the punctuation of numbers, without what calls or refers. */
const punctuated = /^[-+\u2212\d\s.,:/'()%*#~_\p{Sc}]+$/u
/** A number with an amount's sign, an exponent, a unit of a few letters, or an extension of a telephone. */
const measured =
  /^[-+\u2212] ?\p{Sc}? ?[\d.,'()/ -]*\d(?:[eE][-+]?\d+)? ?(?:[\p{L}\u00B0\u03BC%\u2030/]{1,6}|(?:ext|x)\.? ?\d+)?$/u
const words = /^[-+\u2212](?:0x[\da-f]+|inf(?:inity)?|nan|\u221E)$/i

/** Longer cells that have letters are no measure. */
const longestMeasure = 64

function isValue(text: string): boolean {
  return (
    text.startsWith('+/-') ||
    punctuated.test(text) ||
    (text.length <= longestMeasure && (measured.test(text) || words.test(text)))
  )
}
