import { crc32 } from 'node:zlib'
import { isSameName, nameFrom } from './names.ts'

/** The records with this id (APPNOTE 6.3.10, §4.5.1). zipalign leaves zeros without a form after them. */
function recordsOf(extra: Buffer, id: number): Buffer[] {
  const records: Buffer[] = []
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === id && end <= extra.length) records.push(extra.subarray(at + 4, end))
    at = end
  }
  return records
}

/** What a header of 32 bits says; all ones where the ZIP64 record has it. */
export interface Sizes {
  readonly size: number
  readonly packed: number
  readonly headerOffset: number
}

const elsewhere = 0xffffffff

/** The sizes with those of the ZIP64 record (§4.5.3), which has only what the header has not, in this order. */
export function withLargeSizes(short: Sizes, extra: Buffer | null): Sizes {
  const { size, packed, headerOffset } = short
  if (size !== elsewhere && packed !== elsewhere && headerOffset !== elsewhere) return short
  const [record = Buffer.alloc(0), ...others] = extra === null ? [] : recordsOf(extra, 0x0001)
  // Of two records, some readers take the first and some the last: without either, the sizes are wrong by all accounts.
  if (others.length > 0) return short
  let at = 0
  const large = (value: number): number => {
    if (value !== elsewhere || at + 8 > record.length) return value
    at += 8
    return Number(record.readBigUInt64LE(at - 8))
  }
  return { size: large(size), packed: large(packed), headerOffset: large(headerOffset) }
}

/**
 * The name in Info-ZIP's Unicode Path record (§4.6.9), where it was made for the name of this header; else null. Of
 * several, one that names another file.
 */
export function unicodePath(extra: Buffer | null, rawName: string): string | null {
  if (extra === null) return null
  const names = recordsOf(extra, 0x7075).map((record) => pathIn(record, rawName))
  const found = names.filter((name) => name !== null)
  return found.find((name) => !isSameName(nameFrom(rawName), name)) ?? found[0] ?? null
}

function pathIn(record: Buffer, rawName: string): string | null {
  if (record.length < 5 || record[0] !== 1) return null
  return record.readUInt32LE(1) === crc32(Buffer.from(rawName, 'latin1')) ? record.toString('utf8', 5) : null
}

/** The mode in the Unix record of ASi, which can make a link of a member (Info-ZIP proginfo/extrafld.txt); else null. */
export function asiMode(extra: Buffer | null): number | null {
  if (extra === null) return null
  const [record] = recordsOf(extra, 0x756e)
  return record === undefined || record.length < 6 ? null : record.readUInt16LE(4)
}
