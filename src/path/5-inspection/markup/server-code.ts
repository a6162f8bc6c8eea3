import { type Bytes, pieces } from '../bytes.ts'
import { shown } from '../shown.ts'

/**
 * Tags for which detection calls the ends of a file a program, where they stand in its middle: PHP's echo tag, and its
 * short tag before what only code has ("List<? extends T>" is Java); directives of JSP and ASP, but not "<% %>", of which
 * texts about templates are full and which no server runs in a text file. The long tag of PHP is searched for in all files
 * (see disguises).
 */
const code =
  /<(?:\?(?:=\s{0,9}["'$(@\w`]|\s{1,9}(?:\$\w|(?:echo|print|eval|system|exec|include|require|phpinfo|if|foreach)\b[\s(]))|%@\s{0,9}(?:page|include|import|taglib|language|web(?:handler|service)|control|master|application|register)\b|jsp:(?:root|scriptlet|directive|include|usebean|declaration|expression|forward)\b)/i

/** Longer than what `code` may match. */
const overlap = 64

/** Where code of a server stands, as a clause; null where none does. */
export function serverCode(bytes: Bytes): string | null {
  let carried = ''
  for (const [at, piece] of pieces(bytes)) {
    if (!carried.includes('<') && !piece.includes(0x3c)) continue
    const text = carried + piece.toString('latin1')
    const found = code.exec(text)
    if (found !== null) return `${shown(found[0], 20)} stands at byte ${at - carried.length + found.index}`
    carried = text.slice(-overlap)
  }
  return null
}
