import { memoryBytes } from '../../bytes.ts'
import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { noteNames } from '../note-names.ts'
import { type ArchiveReader, type ListedMember, type MemberKind, readArchive, type Stop } from './reader.ts'

/** Memory that unpacking may take in any case: the sandbox itself, and an ordinary dictionary. */
const leastMemory = 48 * 1024 * 1024
/** What a sandbox has from the beginning, hardly any of it in use. */
const emptySandbox = 16 * 1024 * 1024
/** No policy lets more be inspected. */
const mostMembers = 100_000

/**
 * Lists an archive, notes what its list says, and inspects the contents of its members. `parts` are what its reader is
 * given, `known` its list where another reading has it, which must be the same. Returns the list; null where it is not
 * whole, which is noted.
 */
export async function inspectMembers(
  subject: Subject,
  parts: readonly Buffer[],
  known: readonly ListedMember[] | null = null,
): Promise<readonly ListedMember[] | null> {
  const { expansion } = subject
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  if (size > expansion.room) {
    expansion.overflow(size)
    return null
  }
  const most = size + Math.max(leastMemory, expansion.room)
  const listing = readArchive(parts, most)
  const listed = listMembers(listing)
  const members = known ?? listed
  const stop = listing.stop()
  noteMembers(subject, members)
  noteStop(subject, stop, members)
  if (stop === null && !isSame(members, listed)) subject.uncovered('damaged', 'its list of members is read in two ways')
  const reader = stop === null ? listing : readArchive(parts, most)
  await expansion.holding(Math.max(size, reader.memory() - emptySandbox), () => unpackMembers(subject, reader, members))
  if (stop === null) noteStop(subject, reader.stop(), members)
  return stop === null ? members : null
}

function isSame(members: readonly ListedMember[], listed: readonly ListedMember[]): boolean {
  const isEqual = ({ kind, size }: ListedMember, at: number) => kind !== 'file' || size === listed[at]?.size
  return members.length === listed.length && members.every(isEqual)
}

function listMembers(reader: ArchiveReader): readonly ListedMember[] {
  const members: ListedMember[] = []
  reader.open()
  for (let member = reader.next(); member !== null; member = reader.next()) {
    members.push(member)
    if (members.length === mostMembers) break
  }
  return members
}

const links: Partial<Record<MemberKind, string>> = {
  link: 'a symbolic link',
  hardLink: 'a hard link',
  device: 'a device',
  pipe: 'a pipe',
}

export function noteMembers(subject: Subject, members: readonly ListedMember[]): void {
  const note = noteNames(subject)
  for (const { name, kind, isEncrypted } of members) {
    note(name, kind === 'folder')
    const link = links[kind]
    if (link !== undefined) subject.observe('file.archive.link', `the member ${shown(name)} is ${link}`)
    if (isEncrypted) noteEncrypted(subject, `the member ${shown(name)} is encrypted`)
  }
}

/** For the policy that refuses encryption, and for the one that asks that all be looked into. */
export function noteEncrypted(subject: Subject, detail: string): void {
  subject.observe('file.archive.encrypted', detail)
  subject.uncovered('encrypted', detail)
}

/** Once something is known to be encrypted, that explains whatever a reader stumbles over. */
function noteStop(subject: Subject, stop: Stop | null, members: readonly ListedMember[]): void {
  if (stop === null || members.some((member) => member.isEncrypted)) return
  if (stop.reason === 'encrypted') noteEncrypted(subject, 'its list of members is encrypted')
  else subject.uncovered(stop.reason, stop.detail)
}

/**
 * How many packed bytes a member takes is not known, and in a solid archive there is no such number: each has a share of
 * the whole, by its size.
 */
async function unpackMembers(subject: Subject, reader: ArchiveReader, listed: readonly ListedMember[]): Promise<void> {
  const { bytes, expansion } = subject
  const total = listed.reduce((sum, { size }) => sum + size, 0)
  reader.open()
  for (const { name, kind, size, isEncrypted } of listed) {
    if (reader.next() === null) break
    const isInspected = kind === 'file' && !isEncrypted
    const share = Math.ceil((bytes.size * size) / Math.max(total, 1))
    const goesOn = isInspected
      ? await unpackMember(subject, reader, name, size, share)
      : expansion.entry(subject.depth + 1)
    if (!goesOn) break
  }
}

async function unpackMember(
  subject: Subject,
  reader: ArchiveReader,
  name: string,
  size: number,
  share: number,
): Promise<boolean> {
  const { expansion } = subject
  if (size > expansion.room) return expansion.overflow(share)
  const content = reader.content(size)
  if (content === null || !expansion.unpacked(share, size)) return false
  return expansion.holding(size, () => subject.member(name, memoryBytes(content)))
}
