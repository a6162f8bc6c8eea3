import { crc32 } from 'node:zlib'
import type { Bytes } from '../../bytes.ts'
import type { ListedMember, MemberKind } from '../libarchive/reader.ts'
import { nameText } from '../name-text.ts'
import type { RarBlock } from './volume.ts'

/** Longest header: RAR writes at most 2 MiB. */
const longestHeader = 2 * 1024 * 1024
const types = { main: 1, file: 2, encryption: 4, end: 5 }
const flags = { hasExtra: 0x01, hasData: 0x02, fromPrevious: 0x08, intoNext: 0x10 }
const fileFlags = { isFolder: 0x01, hasTime: 0x02, hasChecksum: 0x04 }
const extras = { encryption: 1, redirection: 5 }
/** Symbolic links of Unix and Windows, junctions, hard links, and the same file once more. */
const redirections: readonly MemberKind[] = ['file', 'link', 'link', 'link', 'hardLink', 'reference']

/** The last header, for archives that have none. */
export const rar5End = Buffer.from('1d77565103050400', 'hex')

/** RAR 5.0 archive format, "General archive block format". */
export function readRar5Block(bytes: Bytes, at: number): RarBlock | null {
  const size = fieldsOf(bytes.read(at, at + 7).subarray(4))
  const length = size.next()
  const start = at + 4 + size.used()
  if (length === 0 || length > longestHeader) return null
  const whole = bytes.read(at + 4, start + length)
  if (whole.length < size.used() + length || crc32(whole) !== bytes.read(at, at + 4).readUInt32LE(0)) return null
  return readHeader(whole.subarray(size.used()), start + length)
}

function readHeader(header: Buffer, start: number): RarBlock {
  const fields = fieldsOf(header)
  const type = fields.next()
  const set = fields.next()
  const extraLength = (set & flags.hasExtra) === 0 ? 0 : fields.next()
  const next = start + ((set & flags.hasData) === 0 ? 0 : fields.next())
  if (type === types.end) return { next, isLast: true }
  if (type === types.encryption) return { next, hasEncryptedHeaders: true }
  if (type === types.main) return { next, isPart: (fields.next() & 1) !== 0 }
  if (type !== types.file) return { next }
  const extra = header.subarray(Math.max(0, header.length - extraLength))
  const isPart = (set & (flags.fromPrevious | flags.intoNext)) !== 0
  return { next, isPart, member: readMember(fields, extra) }
}

function readMember(fields: Fields, extra: Buffer): ListedMember {
  const set = fields.next()
  const size = fields.next()
  fields.next()
  fields.skip(((set & fileFlags.hasTime) === 0 ? 0 : 4) + ((set & fileFlags.hasChecksum) === 0 ? 0 : 4))
  fields.next()
  fields.next()
  const name = nameText(fields.take(fields.next()))
  const { isEncrypted, redirected } = readExtra(extra)
  const kind = redirected ?? ((set & fileFlags.isFolder) === 0 ? 'file' : 'folder')
  return { name, kind, size, isEncrypted }
}

function readExtra(extra: Buffer): { readonly redirected: MemberKind | null; readonly isEncrypted: boolean } {
  let redirected: MemberKind | null = null
  let isEncrypted = false
  const area = fieldsOf(extra)
  while (area.used() < extra.length) {
    const record = fieldsOf(area.take(area.next()))
    const type = record.next()
    if (type === extras.encryption) isEncrypted = true
    if (type === extras.redirection) redirected = redirections[record.next()] ?? 'reference'
  }
  return { redirected, isEncrypted }
}

interface Fields {
  /** A number of seven bits a byte, the lowest first; 0 past the end. */
  next(): number
  take(length: number): Buffer
  skip(length: number): void
  used(): number
}

function fieldsOf(data: Buffer): Fields {
  let at = 0
  return {
    next() {
      let [value, weight] = [0, 1]
      for (let more = true; more && at < data.length && weight < 2 ** 63; weight *= 128) {
        const byte = data[at] ?? 0
        at += 1
        value += (byte & 0x7f) * weight
        more = byte >= 0x80
      }
      return value
    },
    take(length) {
      const taken = data.subarray(at, at + length)
      at += length
      return taken
    },
    skip(length) {
      at += length
    },
    used: () => at,
  }
}
