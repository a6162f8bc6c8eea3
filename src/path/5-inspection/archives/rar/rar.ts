import type { Bytes } from '../../bytes.ts'
import type { Inspector, Subject } from '../../inspector.ts'
import { windowed } from '../../windowed.ts'
import { isCompeting } from '../libarchive/competing.ts'
import { inspectMembers, noteEncrypted, noteMembers } from '../libarchive/inspect-members.ts'
import { endOfZeros } from '../packed-content.ts'
import { rar4End, readRar4Block } from './rar4.ts'
import { rar5End, readRar5Block } from './rar5.ts'
import { type RarVolume, walkRar } from './volume.ts'

export const rarInspector: Inspector = {
  name: 'rar',
  types: ['rar'],
  coverage:
    'The headers of RAR 1.5 to 7 are read for names, links, encryption and volumes; members are unpacked by libarchive, in ' +
    'a sandbox, which does not have every method. Volumes of a set are listed and not looked into.',
  inspect,
}

/** Without it, libarchive takes the end of a ZIP file that is stored in the archive for the end of this one. */
const padding = Buffer.alloc(64 * 1024)

async function inspect(subject: Subject): Promise<void> {
  const { bytes } = subject
  const isFifth = bytes.read(6, 7)[0] === 1
  const volume = readVolume(bytes, isFifth)
  noteVolume(subject, volume)
  if (volume.isPart) noteMembers(subject, volume.members)
  if (volume.hasEncryptedHeaders || volume.isPart || isCompeting(subject, 'a RAR archive')) return
  const end = volume.isEnded ? [] : [isFifth ? rar5End : rar4End]
  await inspectMembers(subject, [bytes.read(0, volume.end), ...end, padding], volume.members)
}

function readVolume(bytes: Bytes, isFifth: boolean): RarVolume {
  const headers = windowed(bytes)
  const block = isFifth ? readRar5Block : readRar4Block
  return walkRar(isFifth ? 8 : 7, bytes.size, (at) => block(headers, at))
}

function noteVolume(subject: Subject, volume: RarVolume): void {
  if (volume.hasEncryptedHeaders) noteEncrypted(subject, 'its list of members is encrypted')
  if (volume.isPart) subject.uncovered('unsupported', 'it is a volume of a set')
  if (volume.defect !== null) subject.uncovered('damaged', volume.defect)
  else noteTail(subject, volume.end)
}

function noteTail(subject: Subject, end: number): void {
  const { bytes } = subject
  const tail = bytes.read(end, end + padding.length)
  if (endOfZeros(tail, 0) < tail.length) {
    subject.observe('file.disguise.trailing', `${bytes.size - end} bytes follow the end of the archive`)
  }
}
