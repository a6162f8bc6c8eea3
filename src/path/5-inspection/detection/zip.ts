import type { Bytes } from '../bytes.ts'
import { readWithin } from './windows.ts'

/** One member as the central directory has it (APPNOTE 6.3.10, §4.3.12). */
export interface ZipMember {
  readonly name: string
  readonly method: number
  readonly size: number
  readonly headerOffset: number
}

const longestComment = 65_535
const endLength = 22
/** Bytes of the central directory that are looked at: names only, of some ten thousand members. */
const longestDirectory = 1024 * 1024

/** The members of a ZIP file in the order of its central directory; null where it has none that can be found. */
export function zipMembers(content: Bytes): ZipMember[] | null {
  const directory = locateDirectory(content)
  if (directory === null) return null
  const bytes = readWithin(content, directory.offset, Math.min(directory.size, longestDirectory))
  return membersIn(bytes, directory.size > longestDirectory)
}

/** The beginning of a member that is stored, not compressed; null for any other. */
export function storedText(content: Bytes, member: ZipMember, length: number): string | null {
  if (member.method !== 0) return null
  const header = readWithin(content, member.headerOffset, 30)
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) return null
  const start = member.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  return readWithin(content, start, Math.min(member.size, length)).toString('latin1')
}

interface Directory {
  readonly offset: number
  readonly size: number
}

/** The end record whose comment ends the file exactly; one that does not is data, or a file cut off or appended to. */
function locateDirectory(content: Bytes): Directory | null {
  const start = Math.max(0, content.size - endLength - longestComment)
  const tail = readWithin(content, start, endLength + longestComment)
  let at = tail.length - endLength
  for (at = tail.lastIndexOf('PK\x05\x06', Math.max(at, 0), 'latin1'); at >= 0; ) {
    if (at + endLength <= tail.length && at + endLength + tail.readUInt16LE(at + 20) === tail.length) break
    at = at === 0 ? -1 : tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1')
  }
  if (at < 0) return null
  const directory = { size: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) }
  const large = directory.offset === 0xffffffff || directory.size === 0xffffffff
  return large ? locateLargeDirectory(content, start + at) : directory
}

/** ZIP64: a locator stands before the end record and points to a larger one (§4.3.14, §4.3.15). */
function locateLargeDirectory(content: Bytes, end: number): Directory | null {
  const locator = readWithin(content, end - 20, 20)
  if (end < 20 || locator.length < 20 || locator.readUInt32LE(0) !== 0x07064b50) return null
  const record = readWithin(content, Number(locator.readBigUInt64LE(8)), 56)
  if (record.length < 56 || record.readUInt32LE(0) !== 0x06064b50) return null
  return { size: Number(record.readBigUInt64LE(40)), offset: Number(record.readBigUInt64LE(48)) }
}

function membersIn(bytes: Buffer, cut: boolean): ZipMember[] | null {
  const members: ZipMember[] = []
  let at = 0
  while (at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50) {
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
    members.push({
      name: bytes.toString('latin1', at + 46, Math.min(nameEnd, bytes.length)),
      method: bytes.readUInt16LE(at + 10),
      size: bytes.readUInt32LE(at + 24),
      headerOffset: bytes.readUInt32LE(at + 42),
    })
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return at === bytes.length || cut ? members : null
}
