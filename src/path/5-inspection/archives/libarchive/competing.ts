import type { Bytes } from '../../bytes.ts'
import type { Subject } from '../../inspector.ts'
import { blockSize, readTarHeader } from '../tar-header.ts'

/**
 * libarchive chooses a format by itself. Where the file begins as `format` and is a tar file or a disk image as well, it
 * could list that, while others unpack what the file was sent as. True where it is so, and noted.
 */
export function isCompeting(subject: Subject, format: string): boolean {
  const other = otherFormat(subject.bytes)
  if (other === null) return false
  subject.observe('file.disguise.polyglot', `it is ${format} and ${other}`)
  subject.uncovered('unsupported', `it is not looked into as ${format}`)
  return true
}

function otherFormat(bytes: Bytes): string | null {
  if (readTarHeader(bytes.read(0, blockSize)) !== null) return 'a tar archive'
  const descriptor = bytes.read(32_768, 32_774).toString('latin1', 1)
  return descriptor === 'CD001' ? 'a disk image' : null
}
