import type { GuardFault } from './guard.ts'

/** `text` of a string is what stands between its quotes, escapes resolved. */
export interface Token {
  readonly kind: 'word' | 'string' | 'quantity' | 'sign' | 'end'
  readonly text: string
  /** From 1, in UTF-16 units. */
  readonly column: number
}

const form =
  /[ \t]+|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<string>"(?:[^"\\]|\\["\\])*")|(?<quantity>[0-9]{1,9}(?:\.[0-9]{1,6})?(?:%|[a-z]+)?)|(?<sign><=|>=|[<>{}=,])/uy

/** The words of a guard, or the first place that is none. */
export function tokensOf(text: string): readonly Token[] | GuardFault {
  const tokens: Token[] = []
  form.lastIndex = 0
  while (form.lastIndex < text.length) {
    const column = form.lastIndex + 1
    const groups = form.exec(text)?.groups
    if (groups === undefined) return unreadable(text, column)
    const token = tokenOf(groups, column)
    if (token !== null) tokens.push(token)
  }
  return [...tokens, { kind: 'end', text: '', column: text.length + 1 }]
}

/** Null for the space between two. */
function tokenOf(groups: Readonly<Record<string, string | undefined>>, column: number): Token | null {
  const { word, string, quantity, sign } = groups
  if (word !== undefined) return { kind: 'word', text: word, column }
  if (string !== undefined) return { kind: 'string', text: string.slice(1, -1).replace(/\\(.)/g, '$1'), column }
  if (quantity !== undefined) return { kind: 'quantity', text: quantity, column }
  return sign === undefined ? null : { kind: 'sign', text: sign, column }
}

function unreadable(text: string, column: number): GuardFault {
  const found = String.fromCodePoint(text.codePointAt(column - 1) ?? 0)
  if (found === '"')
    return {
      column,
      found: 'a " without its end, or a backslash before another character',
      expected: 'a value in quotes, such as "/claims"',
    }
  return { column, found: JSON.stringify(found), expected: 'a guard such as refused_ratio{route="/claims"} < 2%' }
}
