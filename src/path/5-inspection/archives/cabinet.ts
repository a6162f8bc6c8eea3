import type { Bytes } from '../bytes.ts'
import type { Inspector, Subject } from '../inspector.ts'
import { isCompeting } from './libarchive/competing.ts'
import { inspectMembers } from './libarchive/inspect-members.ts'

export const cabinetInspector: Inspector = {
  name: 'cab',
  types: ['cab'],
  coverage:
    'All members are listed and unpacked by libarchive, in a sandbox: stored, MSZIP and LZX, not Quantum. Cabinets of a ' +
    'set, which continue in others, are not looked into. A digital signature after the end is in its place.',
  inspect,
}

const flags = { hasPrevious: 1, hasNext: 2, hasReserve: 4 }

/** CFHEADER of the cabinet format, [MS-CAB] section 2.1. */
async function inspect(subject: Subject): Promise<void> {
  const { bytes } = subject
  const header = bytes.read(0, 60)
  if (header.length < 36) return subject.uncovered('damaged', 'its header is cut off')
  const size = header.readUInt32LE(8)
  const set = header.readUInt16LE(30)
  if (size > bytes.size) return subject.uncovered('damaged', 'it is cut off')
  if (size < bytes.size && !isSigned(header, set, size, bytes)) {
    subject.observe('file.disguise.trailing', `${bytes.size - size} bytes follow the end of the cabinet`)
  }
  if ((set & (flags.hasPrevious | flags.hasNext)) !== 0) {
    return subject.uncovered('unsupported', 'it continues in other cabinets')
  }
  if (isCompeting(subject, 'a cabinet')) return
  const members = await inspectMembers(subject, [bytes.read(0, size)])
  const count = header.readUInt16LE(28)
  if (members !== null && members.length !== count) {
    subject.uncovered('damaged', `its header counts ${count} members and its list ${members.length}`)
  }
}

/** Authenticode: the reserved area of the header says where the signature is, which is the rest of the file. */
function isSigned(header: Buffer, set: number, size: number, bytes: Bytes): boolean {
  if ((set & flags.hasReserve) === 0 || header.length < 60 || header.readUInt16LE(36) < 20) return false
  const [start, length] = [header.readUInt32LE(44), header.readUInt32LE(48)]
  return start >= size && start - size < 8 && bytes.size - (start + length) < 8 && start + length <= bytes.size
}
