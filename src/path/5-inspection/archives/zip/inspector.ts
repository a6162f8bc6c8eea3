import type { FileTypeId } from '../../../../file-types/catalogue.ts'
import type { Inspector, Subject } from '../../inspector.ts'
import { inFileOrder, readZipDirectory, type ZipDirectory } from './directory.ts'
import type { ZipEntry } from './entry.ts'
import { inspectMember } from './inspect-member.ts'
import { layoutOf } from './layout.ts'
import { noteZipNames } from './member-names.ts'
import { noteKind } from './note-kind.ts'
import { isPackageType } from './package-types.ts'
import { signingBlockStart } from './padding.ts'
import { beginsAsZip } from './signature.ts'

const archives = new Set<FileTypeId>(['zip', 'jar', 'apk', 'ipa', 'appx', 'epub'])

export const zipInspector: Inspector = {
  name: 'zip',
  // Kinds of packages that detection does not know have no type, and must not escape by that.
  types: null,
  coverage:
    'All members are inspected, and the headers before them compared with the directory at the end, with what lies ' +
    'between them, and with what they unpack to. Stored, Deflate and Zstandard members are unpacked; other methods and ' +
    'encryption are named. In documents that are ZIP packages, the headers and the layout are compared.',
  inspect,
}

async function inspect(subject: Subject): Promise<void> {
  if (!isZip(subject)) return
  const directory = readZipDirectory(subject.bytes)
  if (directory === null) {
    subject.observe('file.archive.structure', 'it has no directory of its members')
    subject.uncovered('damaged', 'it has no directory of its members')
    return
  }
  noteDirectory(subject, directory)
  await inspectMembers(subject, directory)
}

function isZip({ bytes, detected: { type } }: Subject): boolean {
  if (type !== null) return archives.has(type) || isPackageType(type)
  return beginsAsZip(bytes)
}

/** Whether the inspectors of documents unpack it; they do so for packages of unknown kinds too, where they list types. */
function isDocument(type: FileTypeId | null, entries: readonly ZipEntry[]): boolean {
  if (type !== null) return isPackageType(type)
  return entries.some(({ name }) => name.toLowerCase() === '[content_types].xml')
}

const gaps = {
  damaged: ['damaged', 'the directory of its members is broken'],
  overlap: ['damaged', 'its members overlap, and are not unpacked'],
  tooLarge: ['tooLarge', 'the directory of its members is too long to be read to the end'],
  part: ['unsupported', 'it is one part of an archive that is split into several files'],
} as const

function noteDirectory(subject: Subject, { defects, gap }: ZipDirectory): void {
  for (const defect of defects) subject.observe('file.archive.structure', defect)
  if (gap === null) return
  const [reason, detail] = gaps[gap]
  subject.uncovered(reason, detail)
}

/** In the order of the file, so that a spooled one is read once and forwards. Ends where a bound is passed. */
async function inspectMembers(subject: Subject, { entries, start, gap }: ZipDirectory): Promise<void> {
  const { bytes, detected } = subject
  const isPackage = isDocument(detected.type, entries)
  const end = detected.type === 'apk' ? signingBlockStart(bytes, start) : start
  const noteName = noteZipNames(subject, isPackage)
  const layout = layoutOf(bytes)
  const members = inFileOrder(entries)
  for (const [index, entry] of members.entries()) {
    noteName(entry)
    noteKind(subject, entry)
    const next = members[index + 1]?.headerOffset ?? end
    for (const defect of layout.follow(entry, next)) subject.observe('file.archive.structure', defect)
    const isUnpacked = !isPackage && gap !== 'overlap'
    if (isUnpacked && !(await inspectMember(subject, entry))) return
  }
  for (const defect of layout.finish(end)) subject.observe('file.archive.structure', defect)
}
