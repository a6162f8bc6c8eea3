import type { FileTypeId } from '../../../../../file-types/catalogue.ts'
import type { Inspector, Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { type CompoundEntry, type CompoundFile, compoundSignature, readCompoundFile } from '../../compound-file.ts'
import { measureDocument } from '../document-facts.ts'
import { noteEncrypted } from '../note-encrypted.ts'
import { inspectExcel } from './excel.ts'
import { noteMacros } from './macros.ts'
import { noteObjects } from './objects.ts'
import { inspectMessage } from './outlook-message.ts'
import { inspectPowerPoint } from './powerpoint.ts'
import { readSummary } from './summary-information.ts'
import { inspectWord } from './word.ts'

export const compoundInspector: Inspector = {
  name: 'old Office',
  // Encrypted documents, embedded objects and macro projects are compound files of no type.
  types: null,
  coverage:
    'Compound files (doc, xls, ppt, msg, encrypted Office documents, embedded objects): VBA projects, Excel 4 macro ' +
    'sheets, encryption, embedded and linked objects, ActiveX controls, DDE in fields and formulas, templates and ' +
    'workbooks on other hosts, attachments of messages. Files in objects and attachments are inspected as files. The ' +
    'text of messages, drawings and what hyperlinks lead to are not looked at, nor are formulas that only compute.',
  inspect: async (subject) => {
    if (subject.detected.type === 'msi' || !subject.bytes.read(0, 8).equals(compoundSignature)) return
    const file = readCompoundFile(subject.bytes)
    if (file === null) return subject.observe('file.office.structure', 'its directory of streams cannot be read')
    await inspectCompound(subject, file)
  },
}

async function inspectCompound(subject: Subject, file: CompoundFile): Promise<void> {
  if (!file.whole)
    subject.observe('file.office.structure', 'its directory of streams goes in circles or out of the file')
  noteProtection(subject, file)
  noteMacros(subject, file)
  for (const entry of file.entries) {
    if (entry.kind === 'stream') await inspectStream(subject, file, entry)
  }
  await noteObjects(subject, file)
  await inspectMessage(subject, file)
}

/** [MS-OFFCRYPTO] §2.1 and §2.2: the document as a whole in a stream, and what says how it is encrypted. */
const protection = /^(?:EncryptedPackage|EncryptionInfo|\u0009DRMContent)$/i

function noteProtection(subject: Subject, { entries }: CompoundFile): void {
  const found = entries.find(({ name, path }) => name === path && protection.test(name))
  if (found !== undefined) noteEncrypted(subject, `it is encrypted as a whole, in ${shown(found.name)}`)
}

const versions = new Map<FileTypeId, string>([
  ['doc', '97'],
  ['xls', '97'],
  ['ppt', '97'],
])

/** Documents are found by their streams' names at any depth: an object may be one. */
async function inspectStream(subject: Subject, file: CompoundFile, entry: CompoundEntry): Promise<void> {
  const name = entry.name.toLowerCase()
  if (!readers.has(name)) return
  const bytes = file.open(entry)
  if (name === '\u0005summaryinformation') {
    if (entry.name !== entry.path || bytes === null) return
    const version = subject.detected.type === null ? null : (versions.get(subject.detected.type) ?? null)
    return measureDocument(subject, { version, ...readSummary(bytes) })
  }
  if (bytes === null) return subject.observe('file.office.structure', `the stream ${shown(entry.path)} cannot be read`)
  const folder = entry.path.slice(0, -entry.name.length)
  if (name === 'worddocument') inspectWord(subject, file, folder, bytes)
  else if (name === 'powerpoint document') await inspectPowerPoint(subject, bytes)
  else if (name === 'current user') noteUser(subject, bytes.read(0, 16))
  else inspectExcel(subject, bytes, name === 'book')
}

const readers = new Set([
  'worddocument',
  'workbook',
  'book',
  'powerpoint document',
  'current user',
  '\u0005summaryinformation',
])

/** [MS-PPT] §2.3.2: a token says whether the slides are encrypted. */
function noteUser(subject: Subject, atom: Buffer): void {
  if (atom.length === 16 && atom.readUInt32LE(12) === 0xf3d1c4df) noteEncrypted(subject, 'its slides are encrypted')
}
