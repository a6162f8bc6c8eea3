import { asiMode, unicodePath, withLargeSizes } from './extra-fields.ts'
import { nameFrom } from './names.ts'

/** A member as the central directory has it (APPNOTE 6.3.10, §4.3.12). Sizes and offsets are bytes. */
export interface ZipEntry {
  /** As programs show it: `unicodeName`, or what the header has; a folder's ends with a slash. Never a path to use. */
  readonly name: string
  /** The bytes of the name in the header, one character for each. */
  readonly rawName: string
  /** The name in the Unicode Path record; null where there is none that counts. */
  readonly unicodeName: string | null
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packed: number
  /** Unpacked, as declared. */
  readonly size: number
  /** Of the local header, from the beginning of the file. */
  readonly headerOffset: number
  /** Unix mode of the member, 0 where it has none; as readers take it that do not ask which system wrote it. */
  readonly mode: number
  readonly disk: number
}

/** Bits of the flags (§4.4.4). */
export const encryptedFlag = 0x0001
export const descriptorFlag = 0x0008
export const strongFlag = 0x0040
export const utf8Flag = 0x0800
export const maskedFlag = 0x2000

/** WinZip's AES encryption stands in the place of a method (AE-1 and AE-2). */
const aesMethod = 99

export const entryLength = 46

/** The whole length of the entry that begins here; the buffer has its fixed part at least. */
export function lengthOf(window: Buffer, at: number): number {
  return entryLength + window.readUInt16LE(at + 28) + window.readUInt16LE(at + 30) + window.readUInt16LE(at + 32)
}

/**
 * The entry that begins here, all of which the window has. `text` is the window with a character for each byte: names
 * are cut out of it, as decoding each by itself takes half of all the time. `shift` is what its offset is short of.
 */
export function entryAt(window: Buffer, text: string, at: number, shift: number): ZipEntry {
  const nameEnd = at + entryLength + window.readUInt16LE(at + 28)
  const rawName = text.slice(at + entryLength, nameEnd)
  const extra = extraOf(window, nameEnd, window.readUInt16LE(at + 30))
  const short = {
    size: window.readUInt32LE(at + 24),
    packed: window.readUInt32LE(at + 20),
    headerOffset: window.readUInt32LE(at + 42),
  }
  const { size, packed, headerOffset } = withLargeSizes(short, extra)
  const unicodeName = unicodePath(extra, rawName)
  return {
    name: unicodeName ?? nameFrom(rawName),
    rawName,
    unicodeName,
    flags: window.readUInt16LE(at + 8),
    method: window.readUInt16LE(at + 10),
    crc: window.readUInt32LE(at + 16),
    packed,
    size,
    headerOffset: headerOffset + shift,
    mode: asiMode(extra) ?? window.readUInt16LE(at + 40),
    disk: window.readUInt16LE(at + 34),
  }
}

/** Null where it is empty: in a directory of many entries, a view for each costs more than all the rest. */
function extraOf(window: Buffer, at: number, length: number): Buffer | null {
  return length === 0 ? null : window.subarray(at, at + length)
}

export function isEncrypted({ flags, method }: ZipEntry): boolean {
  return (flags & (encryptedFlag | strongFlag | maskedFlag)) !== 0 || method === aesMethod
}

export function isFolder({ name }: ZipEntry): boolean {
  return name.endsWith('/')
}

/** An empty stream of Deflate has two bytes, and Java writes that for folders. */
export function hasData({ size, packed }: ZipEntry): boolean {
  return size > 0 || packed > 2
}
