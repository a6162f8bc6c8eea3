import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { specialFile } from '../special-file.ts'
import { isEncrypted, type ZipEntry } from './entry.ts'

/** Notes what the directory itself shows of a member. Whoever unpacks notes that an encrypted one is not looked into. */
export function noteKind(subject: Subject, entry: ZipEntry): void {
  const special = specialFile(entry.mode)
  // With data, it is a file that `zip -` read from a pipe.
  const isFile = special === 'a named pipe' && entry.size > 0
  if (special !== null && !isFile) subject.observe('file.archive.link', `the member ${shown(entry.name)} is ${special}`)
  if (!isEncrypted(entry)) return
  subject.observe('file.archive.encrypted', `the member ${shown(entry.name)} is encrypted`)
  subject.uncovered('encrypted', `the member ${shown(entry.name)} is encrypted`)
}
