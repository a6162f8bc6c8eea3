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
 * given; `amend` adds to a whole list what is known from elsewhere. Returns the list as far as it goes; null where the
 * bounds leave no room for it.
 */
export async function inspectMembers(
  subject: Subject,
  parts: readonly Buffer[],
  amend: (listed: readonly ListedMember[]) => readonly ListedMember[] = (listed) => listed,
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
  const members = listing.stop() === null ? amend(listed) : listed
  noteMembers(subject, members)
  noteStop(subject, listing.stop(), members)
  const reader = listing.stop() === null ? listing : readArchive(parts, most)
  await expansion.holding(Math.max(size, reader.memory() - emptySandbox), () => unpackMembers(subject, reader, members))
  return members
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

const links: Partial<Record<MemberKind, string>> = { link: 'a link', device: 'a device', pipe: 'a pipe' }

function noteMembers(subject: Subject, members: readonly ListedMember[]): void {
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
  noteStop(subject, reader.stop(), listed)
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
