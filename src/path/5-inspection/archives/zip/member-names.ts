import type { FileTypeId } from '../../../../file-types/catalogue.ts'
import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { type NameRegister, nameRegister, pathDefect } from '../member-names.ts'
import type { ZipEntry } from './entry.ts'
import { isUndecided } from './names.ts'

/** Packages whose readers find members by their exact names; obfuscators use both cases of a letter for two members. */
const loaded: ReadonlySet<FileTypeId> = new Set(['jar', 'apk'])

/** Notes what is wrong with the names of members, one by one. */
export function noteZipNames(subject: Subject, isPackage: boolean): (entry: ZipEntry) => void {
  const { type } = subject.detected
  const register = type !== null && loaded.has(type) ? exactRegister() : nameRegister()
  return (entry) => {
    for (const name of new Set([entry.name, entry.unicodeName ?? entry.name])) {
      const defect = pathDefect(isPackage ? name.replaceAll('\\', '/') : pathOf(name, entry.rawName))
      if (defect !== null) subject.observe('file.archive.path', defect)
    }
    const collision = register.add(distinctive(entry), entry.name.endsWith('/'))
    if (collision !== null) subject.observe('file.archive.duplicate', collision)
  }
}
