import type { Bytes } from '../../../bytes.ts'
import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import type { CompoundFile } from '../../compound-file.ts'
import { type FieldReader, fieldReader } from '../field-codes.ts'
import { isRemote } from '../link-target.ts'
import { noteEncrypted } from '../note-encrypted.ts'

/** Offsets in the header of a Word document, [MS-DOC] §2.5: pairs of place and length in the table stream. */
const placeOfText = 0x1a2
const placeOfNames = 0x19a
const encrypted = 0x0100
const secondTable = 0x0200

/** Looks into the stream "WordDocument", with the table stream beside it (`folder` ends with a slash or is empty). */
export function inspectWord(subject: Subject, file: CompoundFile, folder: string, document: Bytes): void {
  const header = document.read(0, 0x1ac)
  if (header.length < 0x20) return subject.observe('file.office.structure', 'the header of its text is cut off')
  const flags = header.readUInt16LE(0x0a)
  if ((flags & encrypted) !== 0) return noteEncrypted(subject, 'its text is encrypted')
  const fields = fieldReader(subject)
  // Word 6 and 95 keep the text in one piece.
  if (header.readUInt16LE(2) < 0xc1 || header.length < 0x1ac) {
    return readText(fields, document, { start: header.readUInt32LE(0x18), end: header.readUInt32LE(0x1c), wide: false })
  }
  const table = open(file, `${folder}${(flags & secondTable) === 0 ? '0Table' : '1Table'}`)
  if (table === null) return subject.observe('file.office.structure', 'the tables of its text are absent')
  noteTemplate(subject, piece(table, header, placeOfNames))
  const clx = piece(table, header, placeOfText)
  if (clx.length < header.readUInt32LE(placeOfText + 4)) {
    return subject.observe('file.office.structure', 'the table of its text is cut off')
  }
  // Pieces do not overlap: the text of a hostile file is read once.
  let left = document.size + 65_536
  for (const range of piecesOf(clx)) {
    left -= range.end - range.start
    if (left < 0) return subject.observe('file.office.structure', 'the pieces of its text overlap')
    readText(fields, document, range)
  }
}

function open(file: CompoundFile, path: string): Bytes | null {
  const entry = file.find(path)
  return entry === undefined ? null : file.open(entry)
}

/** Some ninety thousand pieces of text; a document that was saved a thousand times has a few thousand. */
const longestTable = 1024 * 1024

function piece(table: Bytes, header: Buffer, at: number): Buffer {
  const start = header.readUInt32LE(at)
  return table.read(start, start + Math.min(header.readUInt32LE(at + 4), longestTable))
}

/** A part of the text in the document's stream, as bytes; `wide` is UTF-16, else windows-1252. */
interface Range {
  readonly start: number
  readonly end: number
  readonly wide: boolean
}

/** The table of pieces, [MS-DOC] §2.8.35: property lists come first, each with its length. */
function piecesOf(clx: Buffer): Range[] {
  let at = 0
  while (clx[at] === 1 && at + 3 <= clx.length) at += 3 + clx.readUInt16LE(at + 1)
  if (clx[at] !== 2 || at + 5 > clx.length) return []
  const plc = clx.subarray(at + 5, at + 5 + clx.readUInt32LE(at + 1))
  const count = Math.max(Math.floor((plc.length - 4) / 12), 0)
  return Array.from({ length: count }, (_, index) => {
    const length = Math.max(plc.readUInt32LE(index * 4 + 4) - plc.readUInt32LE(index * 4), 0)
    const fc = plc.readUInt32LE((count + 1) * 4 + index * 8 + 2)
    const wide = (fc & 0x4000_0000) === 0
    const start = wide ? fc & 0x3fff_ffff : (fc & 0x3fff_ffff) / 2
    return { start, end: start + length * (wide ? 2 : 1), wide }
  })
}

const windowSize = 64 * 1024
/** Where a field begins, where its result does, and where it ends. */
// oxlint-disable-next-line no-control-regex
const marks = /([\x13\x14\x15])/

function readText(fields: FieldReader, document: Bytes, { start, end, wide }: Range): void {
  const stop = Math.min(end, document.size)
  for (let at = start; at < stop; at += windowSize) {
    const bytes = document.read(at, Math.min(at + windowSize, stop))
    for (const text of bytes.toString(wide ? 'utf16le' : 'latin1').split(marks)) {
      if (text === '\x13') fields.begin()
      else if (text === '\x14') fields.separate()
      else if (text === '\x15') fields.end()
      else fields.text(text)
    }
  }
}

/** The second of the associated strings ([MS-DOC] §2.9.283) is the template; as UTF-16 with lengths. */
function noteTemplate(subject: Subject, strings: Buffer): void {
  if (strings.length < 10 || strings.readUInt16LE(0) !== 0xffff) return
  const at = 8 + strings.readUInt16LE(6) * 2
  if (at + 2 > strings.length) return
  const template = strings.toString('utf16le', at + 2, Math.min(at + 2 + strings.readUInt16LE(at) * 2, strings.length))
  if (isRemote(template)) subject.observe('file.office.external', `its template is loaded from ${shown(template)}`)
}
