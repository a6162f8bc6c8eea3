import { memoryBytes } from '../../bytes.ts'
import type { Inspector, Subject } from '../../inspector.ts'
import { readArchive } from '../libarchive/reader.ts'
import { unpackedName } from '../packed-content.ts'
import { unpackedSize } from './sizes.ts'
import { wrapped } from './wrapped.ts'

export const xzInspector: Inspector = {
  name: 'xz',
  types: ['xz'],
  coverage:
    'All streams are unpacked by libarchive, in a sandbox, with their checksums, and what they give together is inspected ' +
    'as one file. A dictionary larger than the memory for unpacking is not looked into.',
  inspect,
}

/** Memory that unpacking may take in any case: the sandbox itself and the dictionary of the highest preset but one. */
const leastMemory = 64 * 1024 * 1024

async function inspect(subject: Subject): Promise<void> {
  const { bytes, expansion } = subject
  const size = unpackedSize(bytes)
  if (size === null) return subject.uncovered('damaged', 'its streams do not follow each other up to its end')
  if (bytes.size + size > expansion.room) {
    expansion.overflow(bytes.size)
    return
  }
  const content = unpackXz(subject, bytes.read(0, bytes.size), size)
  if (content === null || !expansion.unpacked(bytes.size, size)) return
  await expansion.holding(size, () => subject.member(unpackedName(subject.name), memoryBytes(content)))
}

/** Null where it cannot be unpacked; why is noted. */
function unpackXz(subject: Subject, packed: Buffer, size: number): Buffer | null {
  const reader = readArchive(wrapped(packed, size), packed.length + leastMemory)
  reader.open()
  const content = reader.next()?.size === size ? reader.content(size) : null
  const isWhole = content !== null && reader.next() === null && reader.stop() === null
  const stop = reader.stop() ?? { reason: 'damaged', detail: 'it does not unpack to the size that it states' }
  if (!isWhole) subject.uncovered(stop.reason, stop.detail)
  return content
}
