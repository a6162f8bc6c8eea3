import type { Inspector, Subject } from '../inspector.ts'
import { type GzipMembers, unpackGzip } from './gzip-members.ts'
import { pathDefect } from './member-names.ts'
import { endOfZeros, inspectPacked, unpackedName } from './packed-content.ts'

export const gzipInspector: Inspector = {
  name: 'gzip',
  types: ['gzip'],
  coverage:
    'All members are unpacked, their checksums and lengths compared, and what they give together is inspected as one file. ' +
    'Zeros after the last member are padding; anything else there is foreign data. Comments and extra fields are passed over.',
  inspect,
}

async function inspect(subject: Subject): Promise<void> {
  let members: GzipMembers | null = null
  const decompress = (packed: Buffer, { maxOutputLength = 0 }) => {
    members = unpackGzip(packed, maxOutputLength)
    noteMembers(subject, members, packed)
    return members.content
  }
  await inspectPacked(subject, decompress, () => members?.names[0] ?? unpackedName(subject.name))
}

function noteMembers(subject: Subject, { names, end, mismatch }: GzipMembers, packed: Buffer): void {
  if (mismatch !== null) subject.uncovered('damaged', mismatch)
  for (const defect of names.map(pathDefect)) if (defect !== null) subject.observe('file.archive.path', defect)
  const foreign = endOfZeros(packed, end)
  if (foreign === packed.length) return
  subject.observe('file.disguise.trailing', `${packed.length - foreign} bytes follow the end of the gzip data`)
}
