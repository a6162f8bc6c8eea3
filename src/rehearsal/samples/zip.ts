import { constants, crc32, deflateRawSync } from 'node:zlib'
import { numbers } from './numbers.ts'

/** A member as the archive has it. */
export interface ZipMember {
  readonly name: string
  readonly packed: Buffer
  /** Unpacked bytes. */
  readonly size: number
  readonly checksum: number
}

const encryptedFlag = 1
const utf8Flag = 0x800
/** The header that stands before encrypted data (APPNOTE.TXT 6.1). */
const encryptionHeader = 12
const firstOfJanuary = 0x5c21

export function zipMember(name: string, content: Buffer): ZipMember {
  return { name, packed: deflateRawSync(content), size: content.length, checksum: crc32(content) }
}

const block = Buffer.alloc(1024 * 1024)

/**
 * A member of so many zeros, as archive bombs have it. One packed block is repeated: packing a gigabyte would take
 * seconds and the gigabyte.
 */
export function bombMember(name: string, size: number): ZipMember {
  const packedBlock = deflateRawSync(block, { finishFlush: constants.Z_FULL_FLUSH })
  const blocks = Math.floor(size / block.length)
  const rest = Buffer.alloc(size % block.length)
  let checksum = 0
  for (let index = 0; index < blocks; index++) checksum = crc32(block, checksum)
  const packed = Buffer.concat([...Array.from({ length: blocks }, () => packedBlock), deflateRawSync(rest)])
  return { name, packed, size, checksum: crc32(rest, checksum) }
}

/** A ZIP of these members. With `encrypted`, headers say that a password is needed; the data is no ciphertext of anything. */
export function zip(members: readonly ZipMember[], { encrypted = false } = {}): Buffer {
  const locals: Buffer[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const packed = encrypted ? Buffer.concat([Buffer.alloc(encryptionHeader, 0x5a), member.packed]) : member.packed
    const label = Buffer.from(member.name)
    const shared = sharedFields(member, packed.length, label.length, encrypted ? utf8Flag | encryptedFlag : utf8Flag)
    const local = Buffer.concat([numbers([0x04034b50, 4]), shared, label, packed])
    const made = numbers([0x02014b50, 4], [20, 2])
    const place = numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4])
    entries.push(Buffer.concat([made, shared, place, label]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(entries)
  const counts = numbers([0, 2], [0, 2], [members.length, 2], [members.length, 2])
  const end = numbers([directory.length, 4], [offset, 4], [0, 2])
  return Buffer.concat([...locals, directory, numbers([0x06054b50, 4]), counts, end])
}

/** What a local header and an entry of the directory have in common. */
function sharedFields({ size, checksum }: ZipMember, packed: number, name: number, flags: number): Buffer {
  const before = numbers([20, 2], [flags, 2], [8, 2], [0, 2], [firstOfJanuary, 2])
  return Buffer.concat([before, numbers([checksum, 4], [packed, 4], [size, 4], [name, 2], [0, 2])])
}
