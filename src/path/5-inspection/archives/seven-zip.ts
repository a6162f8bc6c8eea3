import { crc32 } from 'node:zlib'
import type { Inspector, Subject } from '../inspector.ts'
import { isCompeting } from './libarchive/competing.ts'
import { inspectMembers } from './libarchive/inspect-members.ts'

export const sevenZipInspector: Inspector = {
  name: '7z',
  types: ['7z'],
  coverage:
    'All members are listed and unpacked by libarchive, in a sandbox. Encrypted members and encrypted lists are told; ' +
    'members packed by methods that libarchive does not have, and volumes of a set, are not looked into.',
  inspect,
}

const headerLength = 32

/** The signature header says where the list of members is, which ends the file. */
async function inspect(subject: Subject): Promise<void> {
  const { bytes } = subject
  const header = bytes.read(0, headerLength)
  if (header.length < headerLength || header.readUInt32LE(8) !== crc32(header.subarray(12))) {
    return subject.uncovered('damaged', 'the checksum of its header does not fit')
  }
  const end = headerLength + Number(header.readBigUInt64LE(12)) + Number(header.readBigUInt64LE(20))
  if (end > bytes.size) return subject.uncovered('damaged', 'it is cut off, or a volume of a set')
  if (end < bytes.size)
    subject.observe('file.disguise.trailing', `${bytes.size - end} bytes follow the end of the archive`)
  if (isCompeting(subject, 'a 7z archive')) return
  const members = await inspectMembers(subject, [bytes.read(0, end)])
  const isEmpty = end === headerLength
  if (members?.length === 0 && !isEmpty) subject.uncovered('damaged', 'its list of members has none')
}
