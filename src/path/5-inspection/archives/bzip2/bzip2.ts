import type { Inspector, Subject } from '../../inspector.ts'
import { endOfZeros, inspectPacked, unpackedName } from '../packed-content.ts'
import { unpackBzip2 } from './unpack-bzip2.ts'

export const bzip2Inspector: Inspector = {
  name: 'bzip2',
  types: ['bzip2'],
  coverage: 'All streams are unpacked, their checksums compared, and what they give together is inspected as one file.',
  inspect,
}

async function inspect(subject: Subject): Promise<void> {
  const decompress = (packed: Buffer, { maxOutputLength = 0 }) => {
    const { content, end, isIntact } = unpackBzip2(packed, maxOutputLength)
    if (!isIntact) subject.uncovered('damaged', 'a checksum does not fit its data')
    const foreign = endOfZeros(packed, end)
    const left = packed.length - foreign
    if (left > 0) subject.observe('file.disguise.trailing', `${left} bytes follow the end of the bzip2 data`)
    return content
  }
  await inspectPacked(subject, decompress, () => unpackedName(subject.name))
}
