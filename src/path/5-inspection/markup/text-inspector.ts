import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { Inspector, Subject } from '../inspector.ts'
import { validDeclaration } from './reader-encodings.ts'
import { serverCode } from './server-code.ts'
import { readEncoding } from './text-encoding.ts'

/** Types of the families text and markup whose content is told by reading it, or by the name. */
const types: readonly FileTypeId[] = ['txt', 'csv', 'tsv', 'md', 'yaml', 'json', 'xml', 'html', 'svg', 'ics', 'vcf']

/** Reads texts to their end: detection saw no more than the two ends of a file. */
export const textInspector: Inspector = {
  name: 'text',
  types,
  coverage:
    'All bytes are checked against UTF-8, UTF-16 with a byte order mark, or windows-1252, and for control characters. ' +
    'Short PHP tags and directives of JSP and ASP are looked for in all of it. HTML scripts in plain text are not: no program runs them there.',
  inspect(subject) {
    const { encoding, fault } = readEncoding(subject.bytes)
    const declared = encoding === null ? declaredEncoding(subject) : null
    subject.measure({ text: { encoding: encoding ?? declared, formulas: 0 } })
    if (fault !== null && declared === null) noteFault(subject, fault)
    const code = serverCode(subject.bytes)
    if (code !== null) subject.observe('file.disguise.code', code)
  },
}

/** Markup says in which encoding it is; a file with controls is in none. */
function declaredEncoding({ bytes, detected: { type } }: Subject): string | null {
  return type === 'xml' || type === 'svg' || type === 'html' ? validDeclaration(bytes, type) : null
}

/** Bytes that no text has make XML ill-formed; browsers pass over them in HTML, of which real pages have some. */
function noteFault(subject: Subject, fault: string): void {
  const { type } = subject.detected
  if (type === 'html') return
  subject.observe(type === 'xml' || type === 'svg' ? 'file.markup.structure' : 'file.text.encoding', fault)
}
