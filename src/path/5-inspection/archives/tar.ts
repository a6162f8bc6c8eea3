import { sliceOf } from '../bytes.ts'
import type { Inspector, Subject } from '../inspector.ts'
import { shown } from '../shown.ts'
import { type NoteName, noteNames } from './note-names.ts'
import { type TarEntry, tarEntries } from './tar-entries.ts'

export const tarInspector: Inspector = {
  name: 'tar',
  types: ['tar'],
  coverage:
    'All members of v7, ustar, pax and GNU archives are inspected, and their names, links and sizes compared between ' +
    'headers. Sparse files and parts of multi-volume archives are listed and not looked into.',
  inspect,
}

const links = new Map([
  ['1', 'a hard link'],
  ['2', 'a symbolic link'],
  ['3', 'a character device'],
  ['4', 'a block device'],
  ['6', 'a named pipe'],
])
/** Names of a folder's contents in incremental backups; the label of a volume. */
const dataless = new Set(['5', 'D', 'V'])
const unsupported = new Map([
  ['M', 'continues from another volume'],
  ['N', 'has the old form of long names'],
])

async function inspect(subject: Subject): Promise<void> {
  const note = noteNames(subject)
  const entries = tarEntries(subject.bytes, (kind, detail) => {
    if (kind === 'structure') subject.observe('file.archive.structure', detail)
    else subject.uncovered(kind, detail)
  })
  for (const entry of entries) {
    if (!(await inspectEntry(subject, entry, note))) return
  }
}

async function inspectEntry(subject: Subject, entry: TarEntry, note: NoteName): Promise<boolean> {
  const { name, type, start, end } = entry
  const isFolder = isFolderEntry(entry)
  if (type !== 'V') note(name, isFolder)
  const link = links.get(type)
  if (link !== undefined) noteLink(subject, entry, link)
  if (isFolder || link !== undefined || type === 'V') return subject.expansion.entry(subject.depth + 1)
  const gap = entry.isSparse ? 'is stored with holes' : unsupported.get(type)
  if (gap !== undefined) {
    subject.uncovered('unsupported', `the member ${shown(name)} ${gap}`)
    return subject.expansion.entry(subject.depth + 1)
  }
  const size = end - start
  return subject.expansion.unpacked(size, size) && subject.member(name, sliceOf(subject.bytes, start, end))
}

/** In the oldest form, a folder is a file with a slash at its end; with data, some programs see a file all the same. */
function isFolderEntry({ name, type, start, end }: TarEntry): boolean {
  return dataless.has(type) || (end === start && name.endsWith('/') && !links.has(type))
}

function noteLink(subject: Subject, { name, link }: TarEntry, what: string): void {
  const target = link === '' ? '' : ` to ${shown(link)}`
  subject.observe('file.archive.link', `the member ${shown(name)} is ${what}${target}`)
}
