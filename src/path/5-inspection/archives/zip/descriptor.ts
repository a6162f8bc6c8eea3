import type { Bytes } from '../../bytes.ts'
import type { ZipEntry } from './entry.ts'

const signature = 0x08074b50
const longest = 24

/**
 * Length of the data descriptor after a member's data (APPNOTE 6.3.10, §4.3.9) that says the same as the directory: with
 * or without signature, sizes of 4 or of 8 bytes. Nothing in it says which; of several that are possible, the one after
 * which the next structure begins. Null where none agrees.
 */
export function descriptorLength(bytes: Bytes, entry: ZipEntry, dataEnd: number, next: number): number | null {
  const found = bytes.read(dataEnd, dataEnd + longest)
  const lengths = [16, 24, 12, 20].filter((length) => length <= found.length && agrees(found, length, entry))
  return lengths.find((length) => dataEnd + length === next) ?? lengths[0] ?? null
}

function agrees(found: Buffer, length: number, { crc, packed, size }: ZipEntry): boolean {
  const isSigned = length === 16 || length === 24
  const at = isSigned ? 4 : 0
  if (isSigned && found.readUInt32LE(0) !== signature) return false
  if (found.readUInt32LE(at) !== crc) return false
  if (length - at === 12) return found.readUInt32LE(at + 4) === packed && found.readUInt32LE(at + 8) === size
  return found.readBigUInt64LE(at + 4) === BigInt(packed) && found.readBigUInt64LE(at + 12) === BigInt(size)
}
