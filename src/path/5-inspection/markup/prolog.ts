import { endOfConstruct } from './document-type.ts'

/** A longer prolog is not looked into; an internal subset that repeats all of SVG's has 100 KiB. */
const longest = 2 * 1024 * 1024

/** The beginning of an XML document. */
export interface TakenProlog {
  /** What stands between `<!` and `>` of the document type; null where there is none. */
  readonly documentType: string | null
  /** What was taken, without it. */
  readonly texts: readonly string[]
  /** The document type may be beyond what was taken. */
  readonly cut: boolean
}

/** Takes as much of a text as it needs to find the document type, which htmlparser2 would end at the first `>`. */
export function takeProlog(texts: Iterator<string>): TakenProlog {
  let taken = ''
  for (let next = texts.next(); next.done !== true; next = texts.next()) {
    taken += next.value
    const found = findDocumentType(taken)
    if (found === 'none') break
    if (found === 'more' && taken.length < longest) continue
    if (found === 'more') return { documentType: null, texts: [taken], cut: true }
    const { start, end } = found
    return {
      documentType: taken.slice(start + 2, end - 1),
      texts: [taken.slice(0, start), taken.slice(end)],
      cut: false,
    }
  }
  return { documentType: null, texts: [taken], cut: false }
}

/** Where the document type stands in the beginning of an XML document; `more` where the text ends before that is known. */
type Prolog = { readonly start: number; readonly end: number } | 'none' | 'more'

/** Skips the declaration, comments, instructions and white space (XML 1.0 §2.8). The offsets are those of `<` and after `>`. */
function findDocumentType(text: string): Prolog {
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
