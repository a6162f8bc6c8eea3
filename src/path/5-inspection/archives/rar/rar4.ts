import { crc32 } from 'node:zlib'
import type { Bytes } from '../../bytes.ts'
import type { ListedMember } from '../libarchive/reader.ts'
import { nameText } from '../name-text.ts'
import type { RarBlock } from './volume.ts'

/** Types of blocks and their flags, as in the technical note that came with RAR 4. */
const types = { main: 0x73, file: 0x74, service: 0x7a, end: 0x7b }
const mainFlags = { isPart: 0x01, hasEncryptedHeaders: 0x80 }
const fileFlags = { fromPrevious: 0x01, intoNext: 0x02, isEncrypted: 0x04, isLarge: 0x100, hasUnicode: 0x200 }
const hasData = 0x8000

/** The last header, for archives that have none. */
export const rar4End = Buffer.from('c43d7b00400700', 'hex')

export function readRar4Block(bytes: Bytes, at: number): RarBlock | null {
  const length = bytes.read(at, at + 7)
  const header = length.length < 7 ? length : bytes.read(at, at + length.readUInt16LE(5))
  if (header.length < 7 || (crc32(header.subarray(2)) & 0xffff) !== header.readUInt16LE(0)) return null
  const next = at + header.length
  const [type, flags] = [header.readUInt8(2), header.readUInt16LE(3)]
  if (type === types.file || type === types.service) return readFileBlock(header, type, flags, next)
  if (type === types.main) {
    const hasEncryptedHeaders = (flags & mainFlags.hasEncryptedHeaders) !== 0
    return { next, isPart: (flags & mainFlags.isPart) !== 0, hasEncryptedHeaders }
  }
  if (type === types.end) return { next, isLast: true }
  if ((flags & hasData) === 0) return { next }
  return header.length < 11 ? null : { next: next + header.readUInt32LE(7) }
}

function readFileBlock(header: Buffer, type: number, flags: number, start: number): RarBlock | null {
  const isLarge = (flags & fileFlags.isLarge) !== 0
  const fixed = isLarge ? 40 : 32
  if (header.length < fixed) return null
  const high = (offset: number) => (isLarge ? header.readUInt32LE(offset) * 2 ** 32 : 0)
  const next = start + header.readUInt32LE(7) + high(32)
  if (type === types.service) return { next }
  const name = header.subarray(fixed, fixed + header.readUInt16LE(26))
  const size = header.readUInt32LE(11) + high(36)
  const isPart = (flags & (fileFlags.fromPrevious | fileFlags.intoNext)) !== 0
  return { next, isPart, member: memberOf(header, flags, name, size) }
}

function memberOf(header: Buffer, flags: number, name: Buffer, size: number): ListedMember {
  const isUnix = header.readUInt8(15) === 3
  const isLink = isUnix && (header.readUInt32LE(28) & 0xf000) === 0xa000
  return {
    name: nameOf(name, (flags & fileFlags.hasUnicode) !== 0).replaceAll('\\', '/'),
    size,
    kind: isLink ? 'link' : (flags & 0xe0) === 0xe0 ? 'folder' : 'file',
    isEncrypted: (flags & fileFlags.isEncrypted) !== 0,
  }
}

/** With the flag: UTF-8, or a name for old programs, a zero, and how UTF-16 differs from it. */
function nameOf(stored: Buffer, hasUnicode: boolean): string {
  const end = stored.indexOf(0)
  if (!hasUnicode || end === -1) return nameText(stored)
  return decodeName(stored.subarray(0, end), stored.subarray(end + 1))
}

/** Two bits for each step: a byte, a byte under the high byte, two bytes, or a run of the old name. */
function decodeName(old: Buffer, packed: Buffer): string {
  const high = (packed[0] ?? 0) << 8
  const units: number[] = []
  let at = 1
  let [flags, left] = [0, 0]
  while (at < packed.length) {
    if (left === 0) {
      flags = packed[at] ?? 0
      at += 1
      left = 4
    }
    left -= 1
    const step = (flags >> (2 * left)) & 3
    const byte = packed[at] ?? 0
    if (step === 3) at += takeRun(units, old, packed.subarray(at), high)
    else units.push(step === 0 ? byte : step === 1 ? high | byte : byte | ((packed[at + 1] ?? 0) << 8))
    if (step < 3) at += step === 2 ? 2 : 1
  }
  return String.fromCharCode(...units)
}

/** A run of at least two characters of the old name, shifted where the length has its first bit. */
function takeRun(units: number[], old: Buffer, packed: Buffer, high: number): number {
  const length = packed[0] ?? 0
  const isShifted = (length & 0x80) !== 0
  const shift = isShifted ? (packed[1] ?? 0) : 0
  for (let left = (length & 0x7f) + 2; left > 0 && units.length < old.length; left -= 1) {
    const byte = old[units.length] ?? 0
    units.push(isShifted ? high | ((byte + shift) & 0xff) : byte)
  }
  return isShifted ? 2 : 1
}
