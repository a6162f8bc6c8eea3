import type { Bytes } from '../../bytes.ts'
import type { ZipEntry } from './entry.ts'
import { unicodePath, withLargeSizes } from './extra-fields.ts'

/** The header before a member's data (APPNOTE 6.3.10, §4.3.7). */
export interface LocalHeader
  extends Pick<ZipEntry, 'rawName' | 'unicodeName' | 'flags' | 'method' | 'crc' | 'packed' | 'size'> {
  readonly dataStart: number
}

export const localSignature = 0x04034b50
export const localLength = 30

/** The header where the directory says it is; null where there is none. */
export function localHeaderOf(bytes: Bytes, { headerOffset, rawName }: ZipEntry): LocalHeader | null {
  if (headerOffset < 0) return null
  let header = bytes.read(headerOffset, headerOffset + localLength + rawName.length + 64)
  if (!isLocalHeader(header)) return null
  const nameEnd = localLength + header.readUInt16LE(26)
  const end = nameEnd + header.readUInt16LE(28)
  if (end > header.length) header = bytes.read(headerOffset, headerOffset + end)
  if (end > header.length) return null
  const name = header.toString('latin1', localLength, nameEnd)
  const extra = header.subarray(nameEnd, end)
  const short = { size: header.readUInt32LE(22), packed: header.readUInt32LE(18), headerOffset: 0 }
  const { size, packed } = withLargeSizes(short, extra)
  return {
    rawName: name,
    unicodeName: unicodePath(extra, name),
    flags: header.readUInt16LE(6),
    method: header.readUInt16LE(8),
    crc: header.readUInt32LE(14),
    packed,
    size,
    dataStart: headerOffset + end,
  }
}

/** Where a member's data begins; null where no header stands before it. */
export function dataStartOf(bytes: Bytes, { headerOffset }: ZipEntry): number | null {
  if (headerOffset < 0) return null
  const header = bytes.read(headerOffset, headerOffset + localLength)
  if (!isLocalHeader(header)) return null
  return headerOffset + localLength + header.readUInt16LE(26) + header.readUInt16LE(28)
}

function isLocalHeader(header: Buffer): boolean {
  return header.length >= localLength && header.readUInt32LE(0) === localSignature
}
