import type { Bytes } from '../../../bytes.ts'
import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'

/** [MS-XLSB] §2.4.181: a supporting book; the first field is 1 for another program, which is asked by DDE. */
const beginSupBook = 360
const longestPart = 64 * 1024

/** Notes the links of a binary workbook (the references to files are relationships, as in others). */
export function noteBinaryLinks(subject: Subject, content: Bytes): void {
  const bytes = content.read(0, longestPart)
  let at = 0
  const number = (): number => {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[at] ?? 0
      at += 1
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return value
  }
  while (at < bytes.length) {
    const type = number()
    const length = number()
    if (type === beginSupBook && at + 6 <= bytes.length && bytes.readUInt16LE(at) === 1) {
      const program = bytes.toString('utf16le', at + 6, Math.min(at + 6 + bytes.readUInt32LE(at + 2) * 2, bytes.length))
      subject.observe('file.office.dde', `a formula asks the program ${shown(program)}`)
    }
    at += length
  }
}
