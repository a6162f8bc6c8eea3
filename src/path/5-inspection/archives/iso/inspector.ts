import { sliceOf } from '../../bytes.ts'
import type { Inspector, Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { windowed } from '../../windowed.ts'
import { type NoteName, noteNames } from '../note-names.ts'
import { specialFile } from '../special-file.ts'
import { readDescriptors, sectorSize } from './descriptors.ts'
import { type DiskMember, membersOf } from './tree.ts'

export const diskImageInspector: Inspector = {
  name: 'iso',
  types: ['iso'],
  coverage:
    'All files in the ISO 9660, Joliet and Rock Ridge trees are inspected, each once. UDF, HFS and other file systems, ' +
    'compressed files, boot records and space that no file takes are not looked into.',
  inspect,
}

/** In one tree; no policy lets more be inspected. */
const mostMembers = 100_000

async function inspect(subject: Subject): Promise<void> {
  const bytes = windowed(subject.bytes)
  const descriptors = readDescriptors(bytes)
  if (descriptors === null) return subject.uncovered('unsupported', 'its file system is not looked into')
  if (descriptors.other !== null)
    subject.uncovered('unsupported', `it has ${descriptors.other} too, which is not looked into`)
  const onDamage = (path: string) => subject.uncovered('damaged', `the folder ${shown(path)} cannot be read to its end`)
  const inspected = new Set<string>()
  for (const tree of descriptors.trees) {
    const members = membersOf(tree, { bytes, onDamage })
    if (!(await inspectTree(subject, members, inspected))) return
  }
}

/** False where the bounds end it all. Whatever has been inspected under a name of another tree is not inspected again. */
async function inspectTree(subject: Subject, members: Iterable<DiskMember>, inspected: Set<string>): Promise<boolean> {
  const note = noteNames(subject)
  let count = 0
  for (const member of members) {
    count += 1
    if (count > mostMembers) break
    noteMember(subject, member, note)
    if (!(await inspectOnce(subject, member, inspected))) return false
  }
  if (count > mostMembers) subject.uncovered('tooLarge', `it has more than ${mostMembers} members`)
  return true
}

function noteMember(subject: Subject, member: DiskMember, note: NoteName): void {
  const { name, record } = member
  if (record.isWhole) note(name, record.isFolder)
  const special = specialFile(member.mode)
  if (special !== null) subject.observe('file.archive.link', `the member ${shown(name)} is ${special}`)
  if (!record.isConsistent) subject.observe('file.archive.structure', `the member ${shown(name)} is in two places`)
  if (!record.isWhole) subject.uncovered('unsupported', `the member ${shown(name)} is in several pieces`)
  if (member.isCompressed) subject.uncovered('unsupported', `the member ${shown(name)} is compressed`)
}

async function inspectOnce(subject: Subject, member: DiskMember, inspected: Set<string>): Promise<boolean> {
  const { bytes, expansion } = subject
  const { name, record } = member
  const [start, size] = [record.block * sectorSize, record.size]
  const place = `${start} ${size}`
  if (record.isFolder || member.isMoved || specialFile(member.mode) !== null) return expansion.entry(subject.depth + 1)
  if (inspected.has(place) && size > 0) return true
  inspected.add(place)
  if (size > 0 && start + size > bytes.size) subject.uncovered('damaged', `the member ${shown(name)} is cut off`)
  return expansion.unpacked(size, size) && subject.member(name, sliceOf(bytes, start, start + size))
}
