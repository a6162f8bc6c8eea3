import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { isEncrypted, type ZipEntry } from './entry.ts'

const typeBits = 0o170000
const pipe = 0o010000
/** What the type bits of a Unix mode say, files and folders aside. */
const specials = new Map([
  [pipe, 'a named pipe'],
  [0o020000, 'a character device'],
  [0o060000, 'a block device'],
  [0o120000, 'a symbolic link'],
  [0o140000, 'a socket'],
])

/** Notes what the directory itself shows of a member. Whoever unpacks notes that an encrypted one is not looked into. */
export function noteKind(subject: Subject, entry: ZipEntry): void {
  const type = entry.mode & typeBits
  const special = specials.get(type)
  // With data, it is a file that `zip -` read from a pipe.
  const isFile = type === pipe && entry.size > 0
  if (special !== undefined && !isFile)
    subject.observe('file.archive.link', `the member ${shown(entry.name)} is ${special}`)
  if (!isEncrypted(entry)) return
  subject.observe('file.archive.encrypted', `the member ${shown(entry.name)} is encrypted`)
  subject.uncovered('encrypted', `the member ${shown(entry.name)} is encrypted`)
}
