import type { Bytes } from '../../../bytes.ts'
import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { noteEncrypted } from '../note-encrypted.ts'

/** Records of [MS-XLS] §2.3 that are looked into. */
const record = { externSheet: 0x17, filePass: 0x2f, boundSheet: 0x85, supBook: 0x1ae, bof: 0x809 }
const wanted = new Set(Object.values(record))
const windowSize = 64 * 1024

/** Looks into the stream "Workbook", or "Book" of Excel 5 and 95. */
export function inspectExcel(subject: Subject, workbook: Bytes, isOld: boolean): void {
  for (const [type, body] of records(workbook)) {
    if (type === record.filePass) return noteEncrypted(subject, 'its cells are encrypted')
    if (isMacroSheet(type, body)) subject.observe('file.office.macros', 'it has a sheet of Excel 4 macros or of code')
    if (type === record.supBook) noteLink(subject, linkOf(body))
    if (type === record.externSheet && isOld) noteLink(subject, body.toString('latin1', 1, 1 + (body[0] ?? 0)))
  }
}

/** Types of the records wanted, and their content; ends where a length leads out of the stream. */
function* records(bytes: Bytes): Generator<[type: number, body: Buffer]> {
  let base = 0
  let window = bytes.read(0, windowSize)
  let at = 0
  const has = (length: number): boolean => {
    if (at - base + length <= window.length) return true
    base = at
    window = bytes.read(base, base + Math.max(windowSize, length))
    return window.length >= length
  }
  while (has(4)) {
    const type = window.readUInt16LE(at - base)
    const length = window.readUInt16LE(at - base + 2)
    if (wanted.has(type) && has(4 + length)) yield [type, window.subarray(at - base + 4, at - base + 4 + length)]
    at += 4 + length
  }
}

/** A sheet in the list of sheets, or the beginning of one that the list may not have. */
function isMacroSheet(type: number, body: Buffer): boolean {
  if (type === record.boundSheet) return body[5] === 1 || body[5] === 6
  if (type !== record.bof || body.length < 4) return false
  const kind = body.readUInt16LE(2)
  return kind === 0x40 || kind === 0x06
}

/** The encoded path of a SupBook record (§2.4.271); empty where it is the workbook itself or an add-in's functions. */
function linkOf(body: Buffer): string {
  if (body.length < 5) return ''
  const count = body.readUInt16LE(2)
  if (count === 0x0401 || count === 0x3a01) return ''
  return (body.readUInt8(4) & 1) === 1
    ? body.toString('utf16le', 5, 5 + count * 2)
    : body.toString('latin1', 5, 5 + count)
}

/** A path begins with \x01 and names a host with "@" or a server by its address; DDE and OLE are a program, \x03, a topic. */
function noteLink(subject: Subject, link: string): void {
  const [program = '', topic] = link.split('\u0003', 2)
  if (program.length > 1 && topic !== undefined && !/^[\0-\x08]/.test(link)) return noteProgram(subject, program, topic)
  const path = link.replaceAll('\u0003', '/')
  if (!/^\u0001(?:\u0001@|\/\/|\\\\|.{0,3}(?:https?|ftp):)/is.test(path)) return
  subject.observe('file.office.external', `the data of a formula is loaded from ${shown(plainPath(path))}`)
}

/** Without the codes that stand for a host, and before an address for its length. */
function plainPath(path: string): string {
  const host = path.replace(/^\u0001\u0001@/, '//').replace(/^\u0001\u0005./s, '')
  // oxlint-disable-next-line no-control-regex
  return host.replace(/[\0-\x08]/g, '')
}

function noteProgram(subject: Subject, program: string, topic: string): void {
  const detail = `a formula asks the program ${shown(program)} for ${shown(topic)}`
  const isObject = /^[a-z]+\.[a-z]+(?:\.\d+)?$/i.test(program) && !/\.(?:exe|com)$/i.test(program)
  subject.observe(isObject ? 'file.office.external' : 'file.office.dde', detail)
}
