import { type Bytes, pieces } from '../bytes.ts'
import { shown } from '../shown.ts'

/**
 * Code that a server runs wherever it stands in a file that is included as a template. PHP: the long tag, the echo tag,
 * and the short tag before what only code has ("List<? extends T>" is Java, "<?xml" is markup). JSP and ASP: directives
 * only, since no server compiles a text file, and texts about templates are full of "<% %>".
 */
const code =
  /<(?:\?(?:php\b|=\s*["'$(@\w`]|\s+(?:\$\w|(?:echo|print|eval|system|exec|include|require|phpinfo|if|foreach)\b[\s(]))|%@\s*(?:page|include|import|taglib|language|web(?:handler|service)|control|master|application|register)\b|jsp:(?:root|scriptlet|directive|include|usebean|declaration|expression|forward)\b)/i

/** Longer than what `code` looks ahead for. */
const overlap = 64

/** Where code of a server stands, as a clause; null where none does. A tag with more than 40 spaces in it is none. */
export function serverCode(bytes: Bytes): string | null {
  let carried = ''
  for (const [at, piece] of pieces(bytes)) {
    const text = carried + piece.toString('latin1')
    const found = code.exec(text)
    if (found !== null) return `${shown(found[0], 20)} stands at offset ${at - carried.length + found.index}`
    carried = text.slice(-overlap)
  }
  return null
}
