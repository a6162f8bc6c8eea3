import { crc32 } from 'node:zlib'

/** The record with this id (APPNOTE 6.3.10, §4.5.1); null where there is none. zipalign leaves zeros without a form. */
export function extraField(extra: Buffer | null, id: number): Buffer | null {
  if (extra === null) return null
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === id) return end > extra.length ? null : extra.subarray(at + 4, end)
    at = end
  }
  return null
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
  const record = extraField(extra, 0x0001) ?? Buffer.alloc(0)
  let at = 0
  const large = (value: number): number => {
    if (value !== elsewhere || at + 8 > record.length) return value
    at += 8
    return Number(record.readBigUInt64LE(at - 8))
  }
  return { size: large(size), packed: large(packed), headerOffset: large(headerOffset) }
}

/** The name in Info-ZIP's Unicode Path record (§4.6.9), where it was made for this name; else null. */
export function unicodePath(extra: Buffer | null, rawName: string): string | null {
  const record = extraField(extra, 0x7075)
  if (record === null || record.length < 5 || record[0] !== 1) return null
  if (record.readUInt32LE(1) !== crc32(Buffer.from(rawName, 'latin1'))) return null
  return record.toString('utf8', 5)
}

/** The mode in the Unix record of ASi, which can make a link of a member (Info-ZIP proginfo/extrafld.txt); else null. */
export function asiMode(extra: Buffer | null): number | null {
  const record = extraField(extra, 0x756e)
  return record === null || record.length < 6 ? null : record.readUInt16LE(4)
}
