import type { DocumentFacts } from '../../../../types.ts'
import type { Bytes } from '../../../bytes.ts'

/** Properties of [MS-OLEPS] §3.1 in the stream "\u0005SummaryInformation". */
const pageCount = 0x0e
const program = 0x12

/** Pages and program as a document says them; nulls where it does not or cannot be read. */
export function readSummary(stream: Bytes): Pick<DocumentFacts, 'pages' | 'producer'> {
  const bytes = stream.read(0, 64 * 1024)
  const set = bytes.length < 48 ? 0 : bytes.readUInt32LE(0x2c)
  const count = set > 0 && set + 8 <= bytes.length ? bytes.readUInt32LE(set + 4) : 0
  let pages: number | null = null
  let producer: string | null = null
  for (let at = set + 8; at < set + 8 + Math.min(count, 100) * 8 && at + 8 <= bytes.length; at += 8) {
    const place = set + bytes.readUInt32LE(at + 4)
    if (place + 8 > bytes.length) continue
    const value = bytes.readUInt32LE(place + 4)
    if (bytes.readUInt32LE(at) === pageCount && value > 0) pages = value
    if (bytes.readUInt32LE(at) === program) producer = textAt(bytes, place + 8, value)
  }
  return { pages, producer }
}

function textAt(bytes: Buffer, at: number, length: number): string | null {
  return bytes.toString('latin1', at, Math.min(at + length, bytes.length)).replace(/\0.*$/s, '') || null
}
