import type { Inspector, Subject } from '../../inspector.ts'
import { inspectOdfPart } from './odf/part.ts'
import { inspectPart } from './ooxml/part.ts'
import { noteExternal } from './ooxml/references.ts'
import { relationshipOf } from './ooxml/relationships.ts'
import { attributesOf } from './xml/attributes.ts'
import { scanXml } from './xml/scan.ts'
import { xmlText } from './xml/text.ts'

/** Documents whose formulas stand in attributes, and OpenDocument with its scripts. */
const tables = ['urn:schemas-microsoft-com:office:spreadsheet', 'urn:oasis:names:tc:opendocument:xmlns:office:1.0']
/** What says that an XML file is for an office program: Word 2003, a package in one file, Excel 2003, OpenDocument. */
const marks = [
  'mso-application',
  'schemas.microsoft.com/office/word/2003/wordml',
  'schemas.microsoft.com/office/2006/xmlPackage',
  ...tables,
]

export const flatOfficeInspector: Inspector = {
  name: 'Office XML',
  types: ['xml'],
  coverage:
    'XML files that office programs open as documents (Word and Excel 2003, Office packages and OpenDocument in one ' +
    'file): macros and objects in them, DDE, references to other hosts. Files in them are not unpacked.',
  inspect: async (subject) => {
    const { bytes, expansion } = subject
    const head = xmlText(bytes.read(0, 16_384))
    if (head === null || !marks.some((mark) => head.includes(mark))) return
    if (bytes.size > expansion.room) {
      subject.uncovered('tooLarge', 'it is a document in one XML file of more than inspection.memory allows')
      return
    }
    await expansion.holding(bytes.size, async () => inspectFlat(subject, xmlText(bytes.read(0, bytes.size)) ?? ''))
  },
}

/** Readers that do not check what is well-formed are none of office programs: the rest of a broken file is not read. */
function inspectFlat(subject: Subject, text: string): void {
  inspectPart(subject, text)
  if (tables.some((mark) => text.includes(mark))) inspectOdfPart(subject, text)
  scanXml(text, { open: (name, raw) => noteElement(subject, name, raw) }, true)
}

function noteElement(subject: Subject, name: string, raw: string): void {
  if (name !== 'binData' && name !== 'part' && name !== 'Relationship' && name !== 'docSuppData') return
  const attributes = new Map(attributesOf(raw))
  const partName = attributes.get('pkg:name') ?? attributes.get('w:name') ?? ''
  if (name === 'docSuppData' || /vba(?:project|data)|editdata\.mso/i.test(partName)) {
    subject.observe('file.office.macros', 'it has a VBA project')
  }
  if (/oledata\.mso|\/embeddings\//i.test(partName)) subject.observe('file.office.embedded', 'it has objects inside')
  if (/\/activeX\//i.test(partName)) subject.observe('file.office.activex', 'it has ActiveX controls')
  if (name !== 'Relationship') return
  const relationship = relationshipOf(attributes)
  if (relationship.external) noteExternal(subject, relationship)
}
