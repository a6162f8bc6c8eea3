import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { Bytes } from '../bytes.ts'
import { boxes } from '../images/bmff-boxes.ts'

/** Boxes, chunks and tables that are walked over; films cut into fragments have some thousand. */
const mostSteps = 20_000
/** The longest page of Ogg is 65,307 bytes. */
const oggTail = 128 * 1024

/** Offset at which a file ends as its format says; null where it does not say so. */
type End = (bytes: Bytes) => number | null

/** Chunks at the top of a RIFF file; films above 1 GiB have several. A size of 0 or all ones was never filled in. */
function riffEnd(bytes: Bytes): number | null {
  let at = 0
  for (let steps = 0; steps < mostSteps; steps += 1) {
    const head = bytes.read(at, at + 8)
    if (head.length < 8 || head.toString('latin1', 0, 4) !== 'RIFF') return at === 0 ? null : at
    const size = head.readUInt32LE(4)
    if (size === 0 || size === 0xffffffff) return null
    at += 8 + size + (size % 2)
  }
  return null
}

/** Boxes at the top of an ISO media file (ISO/IEC 14496-12, §4.2). */
function boxesEnd(bytes: Bytes): number | null {
  let [at, steps] = [0, 0]
  for (const { type, end, open } of boxes(bytes, 0, bytes.size)) {
    // "%PDF-1.7" would be a large box of the type "-1.7".
    if (!/^[\w \xa9-]{4}$/.test(type)) return at
    if (open || steps === mostSteps) return null
    steps += 1
    at = end
  }
  return at
}

/** The last page (RFC 3533, §6) that stands near the end. */
function oggEnd(bytes: Bytes): number | null {
  const start = Math.max(0, bytes.size - oggTail)
  const tail = bytes.read(start, bytes.size)
  const at = tail.lastIndexOf('OggS\0', tail.length, 'latin1')
  if (at < 0 || at + 27 > tail.length) return null
  const lengths = tail.subarray(at + 27, at + 27 + tail.readUInt8(at + 26))
  return start + at + 27 + lengths.length + lengths.reduce((sum, length) => sum + length, 0)
}

/** The last table of a font (OpenType, §table directory). */
function fontEnd(bytes: Bytes): number | null {
  const head = bytes.read(0, 12)
  if (head.length < 12 || !/^(?:\0\x01\0\0|OTTO|true)$/.test(head.toString('latin1', 0, 4))) return null
  const tables = bytes.read(12, 12 + 16 * head.readUInt16BE(4))
  let end = 12 + tables.length
  for (let at = 0; at + 16 <= tables.length; at += 16) {
    end = Math.max(end, tables.readUInt32BE(at + 8) + tables.readUInt32BE(at + 12))
  }
  return end
}

/** Both versions of WOFF have the length of the whole file in the same place. */
function webFontEnd(bytes: Bytes): number | null {
  const head = bytes.read(0, 12)
  return head.length < 12 ? null : head.readUInt32BE(8)
}

/** Pages of a database times their size, where the header vouches for their number (SQLite file format, §1.3). */
function databaseEnd(bytes: Bytes): number | null {
  const head = bytes.read(0, 100)
  if (head.length < 100 || head.readUInt32BE(24) !== head.readUInt32BE(92)) return null
  const size = head.readUInt16BE(16)
  return (size === 1 ? 65_536 : size) * head.readUInt32BE(28)
}

const ends = new Map<FileTypeId, End>([
  ['wav', riffEnd],
  ['avi', riffEnd],
  ['mp4', boxesEnd],
  ['m4a', boxesEnd],
  ['mov', boxesEnd],
  ['ogg', oggEnd],
  ['ttf', fontEnd],
  ['otf', fontEnd],
  ['woff', webFontEnd],
  ['sqlite', databaseEnd],
])

/** Where a file of this type ends by its own account, if before its last byte; null where it does not, or none is known. */
export function endOf(bytes: Bytes, type: FileTypeId): number | null {
  const end = ends.get(type)?.(bytes) ?? null
  return end !== null && end > 0 && end < bytes.size ? end : null
}
