import { crc32 } from 'node:zlib'
import { type Bytes, memoryBytes, pieces, sliceOf } from '../../bytes.ts'
import type { Expansion } from '../../expansion.ts'
import { unpack } from '../../inflate.ts'
import { isEncrypted, type ZipEntry } from './entry.ts'
import { dataStartOf } from './local-header.ts'
import { decompressorOf } from './methods.ts'

/** Why a member was not unpacked. `passed`: a bound of the expansion was met, and nothing more may be unpacked. */
export type Unpackable = 'passed' | 'damaged' | 'unsupported' | 'encrypted'

/**
 * The content of one member, unpacked within what `expansion` grants. `damaged` also where its size or its checksum is
 * not the declared one. Whoever keeps the buffer does so inside `expansion.holding`.
 */
export function unpackMember(bytes: Bytes, entry: ZipEntry, expansion: Expansion): Buffer | Unpackable {
  const isTooLong = entry.method === 0 && entry.packed <= bytes.size && entry.packed > expansion.room
  if (isTooLong) return past(entry.packed, expansion)
  const opened = openMember(bytes, entry, expansion)
  if (typeof opened === 'string') return opened
  return isIntact(opened, entry) ? opened.content.read(0, opened.content.size) : 'damaged'
}

/** A member's content before it is judged. */
export interface OpenedMember {
  readonly content: Bytes
  /** Bytes of memory that `content` has of its own: none where the member is stored. */
  readonly held: number
  readonly crc: number
  /** Packed bytes after the end of the packed data: nothing ever unpacks them. */
  readonly surplus: number
}

export function isIntact({ content, crc, surplus }: OpenedMember, entry: ZipEntry): boolean {
  return content.size === entry.size && crc === entry.crc && surplus === 0
}

/** Unpacks or, where it is stored, cuts out a member, and counts what that comes to. */
export function openMember(bytes: Bytes, entry: ZipEntry, expansion: Expansion): OpenedMember | Unpackable {
  if (isEncrypted(entry)) return 'encrypted'
  const start = dataStartOf(bytes, entry)
  if (start === null || start + entry.packed > bytes.size) return 'damaged'
  if (entry.method === 0) return openStored(sliceOf(bytes, start, start + entry.packed), expansion)
  return openPacked(bytes, start, entry, expansion)
}

function openStored(content: Bytes, expansion: Expansion): OpenedMember | 'passed' {
  if (!expansion.unpacked(content.size, content.size)) return 'passed'
  let crc = 0
  for (const [, piece] of pieces(content)) crc = crc32(piece, crc)
  return { content, held: 0, crc, surplus: 0 }
}

/** Output is gathered in pieces of this size; small members get one that they just fill. */
const longestPiece = 256 * 1024
/** Data that cannot be packed grows, in Deflate by 5 bytes for each 16 KiB at most in practice. */
const mostGrowth = 1.01

function openPacked(bytes: Bytes, start: number, entry: ZipEntry, expansion: Expansion): OpenedMember | Unpackable {
  const decompress = decompressorOf(entry.method)
  if (decompress === null) return 'unsupported'
  const { packed, size } = entry
  if (packed === 0 && size === 0) return { content: memoryBytes(Buffer.alloc(0)), held: 0, crc: 0, surplus: 0 }
  if (packed > expansion.room * mostGrowth + longestPiece) return past(packed, expansion)
  const chunkSize = Math.min(Math.max(size + 1, 64), longestPiece)
  let consumed = 0
  const unpacked = unpack(bytes.read(start, start + packed), expansion, (data, { maxOutputLength = 0 }) => {
    const result = decompress(data, { maxOutputLength, chunkSize })
    consumed = result.consumed
    return result.buffer
  })
  if (typeof unpacked === 'string') return unpacked
  return { content: memoryBytes(unpacked), held: unpacked.length, crc: crc32(unpacked), surplus: packed - consumed }
}

/** More than may be in memory, so that it is not even read. */
function past(packed: number, expansion: Expansion): 'passed' {
  expansion.overflow(packed)
  return 'passed'
}
