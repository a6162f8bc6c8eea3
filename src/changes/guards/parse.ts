import { quote } from '../../config/fault.ts'
import type { GuardFault } from './guard.ts'
import { type Token, tokensOf } from './tokens.ts'

/** A guard as it was written: its grammar is right, whether its names exist is not looked at yet. */
export interface WrittenGuard {
  readonly measure: Token
  readonly labels: readonly { readonly name: Token; readonly value: Token }[]
  readonly comparator: Token
  readonly bound: Token
  /** Null where it says nothing of a least number. */
  readonly after: Token | null
}

/** Characters of UTF-16; room for a long route. */
const longestGuard = 300

/** Never throws, whatever the text is. */
export function parseGuard(text: string): WrittenGuard | GuardFault {
  if (text.length > longestGuard) {
    return { column: longestGuard + 1, found: 'more', expected: `a guard of at most ${longestGuard} characters` }
  }
  const tokens = tokensOf(text)
  if ('found' in tokens) return tokens
  const cursor = new Cursor(tokens)
  const written = readGuard(cursor)
  return cursor.fault ?? written
}

/** Walks over the tokens. The first that is not as expected is the fault, and from there on nothing is read any more. */
class Cursor {
  fault: GuardFault | null = null
  #at = 0
  readonly #tokens: readonly Token[]

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** Steps over a sign or word that may be there. */
  skip(text: string): boolean {
    const { kind, text: next } = this.#next
    const isThere = this.fault === null && (kind === 'sign' || kind === 'word') && next === text
    if (isThere) this.#at += 1
    return isThere
  }

  take(kind: Token['kind'], expected: string, ...texts: readonly string[]): Token {
    const token = this.#next
    if (token.kind !== kind || (texts.length > 0 && !texts.includes(token.text))) {
      const found = token.kind === 'end' ? 'the end' : quote(token.text)
      this.fault ??= { column: token.column, found, expected }
    }
    if (this.fault === null) this.#at += 1
    return token
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', column: 1 }
  }
}

function readGuard(cursor: Cursor): WrittenGuard {
  const measure = cursor.take('word', 'a measure such as refused_ratio')
  const labels = readLabels(cursor)
  const comparator = cursor.take('sign', '<, <=, > or >=', '<', '<=', '>', '>=')
  const bound = cursor.take('quantity', 'a number, a share such as 2%, or a duration such as 250ms')
  const after = cursor.skip('after') ? cursor.take('quantity', 'a whole number of requests') : null
  cursor.take('end', 'after and a number of requests, or the end')
  return { measure, labels, comparator, bound, after }
}

function readLabels(cursor: Cursor): WrittenGuard['labels'] {
  const labels: { name: Token; value: Token }[] = []
  if (!cursor.skip('{') || cursor.skip('}')) return labels
  do {
    const name = cursor.take('word', 'a label such as route')
    cursor.take('sign', '=', '=')
    labels.push({ name, value: cursor.take('string', 'a value in quotes, such as "/claims"') })
  } while (cursor.skip(','))
  cursor.take('sign', ', or }', '}')
  return labels
}
