import { shown } from '../shown.ts'
import type { MarkupKind } from './element.ts'
import type { Note } from './findings.ts'
import { linkKind } from './links.ts'

/**
 * What an XML file asks its reader to do. A style sheet of type text/css loads styles; any other is an XSLT program. In
 * plain XML, one that stands elsewhere is common (invoices, clinical documents, site maps) and is loaded from there; one
 * in the file itself is active content, and so is any in an SVG, which no drawing program writes.
 */
export function judgeInstruction(text: string, kind: MarkupKind, note: Note): void {
  if (!/^xml-stylesheet\s/.test(text)) return
  const link = pseudoAttribute(text, 'href')
  const type = pseudoAttribute(text, 'type').trim().toLowerCase()
  const leads = linkKind(link)
  const program = type !== '' && type !== 'text/css'
  const runs = leads === 'code' || (program && (leads !== 'elsewhere' || kind === 'svg'))
  if (runs) note('file.markup.script', `it is transformed by the program ${shown(link, 60)}`)
  else if (leads === 'elsewhere') note('file.markup.external', `it loads the style sheet ${shown(link)}`)
}

/** Associating Style Sheets with XML documents, §3; references to characters are resolved. */
function pseudoAttribute(text: string, name: string): string {
  const value = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(text)
  return (value?.[1] ?? value?.[2] ?? '').replace(
    /&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi,
    (_, hex: string | undefined, decimal: string) => {
      const point = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16)
      return point > 0x10ffff ? '' : String.fromCodePoint(point)
    },
  )
}
