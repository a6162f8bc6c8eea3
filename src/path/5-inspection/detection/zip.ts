import { inflateRawSync } from 'node:zlib'
import type { Bytes } from '../bytes.ts'
import { type Directory, zipDirectory } from './zip-directory.ts'

/** One member as the central directory has it (APPNOTE 6.3.10, §4.3.12). */
export interface ZipMember {
  readonly name: string
  readonly method: number
  readonly packed: number
  /** Of its local header, in the file. */
  readonly headerOffset: number
}

/** Bytes of the central directory that are looked at: names only, of some ten thousand members. */
const longestDirectory = 1024 * 1024

/** The members of a ZIP file in the order of its central directory; null where it has none that can be found. */
export function zipMembers(content: Bytes): ZipMember[] | null {
  const directory = zipDirectory(content)
  if (directory === null) return null
  const bytes = content.read(directory.start, directory.start + Math.min(directory.size, longestDirectory))
  return membersIn(bytes, directory, directory.size > longestDirectory)
}

/** All of a member that unpacks to `longest` bytes or less, as Latin-1; null for any other. */
export function memberText(
  content: Bytes,
  { method, packed, headerOffset }: ZipMember,
  longest: number,
): string | null {
  const header = content.read(headerOffset, headerOffset + 30)
  if (packed > longest || header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) return null
  const start = headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const bytes = content.read(start, start + packed)
  if (method === 0) return bytes.toString('latin1')
  return method === 8 ? inflated(bytes, longest) : null
}

function inflated(packed: Buffer, longest: number): string | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: longest }).toString('latin1')
  } catch {
    return null
  }
}

function membersIn(bytes: Buffer, { shift }: Directory, cut: boolean): ZipMember[] | null {
  const members: ZipMember[] = []
  let at = 0
  while (at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50) {
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
    members.push({
      name: bytes.toString('latin1', at + 46, Math.min(nameEnd, bytes.length)),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      headerOffset: bytes.readUInt32LE(at + 42) + shift,
    })
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return at === bytes.length || cut ? members : null
}
