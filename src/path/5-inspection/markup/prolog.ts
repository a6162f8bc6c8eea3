import { endOfConstruct } from './document-type.ts'

/** Where the document type stands in the beginning of an XML document; `more` where the text ends before that is known. */
export type Prolog = { readonly start: number; readonly end: number } | 'none' | 'more'

/** Skips the declaration, comments, instructions and white space (XML 1.0 §2.8). The offsets are those of `<` and after `>`. */
export function findDocumentType(text: string): Prolog {
  const blank = /[\s\uFEFF]*/y
  for (let at = 0; ; ) {
    blank.lastIndex = at
    at += blank.exec(text)?.[0].length ?? 0
    const next = text.slice(at, at + 9)
    if (/^<!doctype/i.test(next)) return located(at, endOfDocumentType(text, at))
    if (!/^<(?:\?|!--)/.test(next))
      return next.length < 9 && '<!doctype'.startsWith(next.toLowerCase()) ? 'more' : 'none'
    const end = endOfConstruct(text, at)
    if (end < 0) return 'more'
    at = end
  }
}

function located(start: number, end: number): Prolog {
  return end < 0 ? 'more' : { start, end }
}

/** Offset after the `>` that ends a document type, which may hold declarations, comments and instructions; or -1. */
function endOfDocumentType(text: string, start: number): number {
  let within = false
  for (let at = start + 2; at < text.length; at += 1) {
    const char = text[at]
    if (char === '>' && !within) return at + 1
    if (char === '[') within = true
    else if (char === ']') within = false
    else if (char === '<') at = before(endOfConstruct(text, at))
    else if ((char === '"' || char === "'") && !within) at = before(closing(text, char, at))
    if (at < 0) return -1
  }
  return -1
}

function closing(text: string, quote: string, at: number): number {
  const end = text.indexOf(quote, at + 1)
  return end < 0 ? -1 : end + 1
}

/** The loop adds one; -1 stays below zero after that. */
function before(end: number): number {
  return end < 0 ? -2 : end - 1
}
