import type { FileTypeId } from '../../../../file-types/catalogue.ts'
import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { type NameRegister, nameRegister, pathDefect } from '../member-names.ts'
import { isFolder, type ZipEntry } from './entry.ts'
import { isUndecided, nameFrom } from './names.ts'

/** Read by programs that find members by their exact names; obfuscators give two members both cases of a letter. */
const loaded: ReadonlySet<FileTypeId> = new Set(['jar', 'apk'])

/** Notes what is wrong with the names of members, one by one. `isPackage`: of a document, which nobody unpacks. */
export function noteZipNames(subject: Subject, isPackage: boolean): (entry: ZipEntry) => void {
  const { type } = subject.detected
  const exact = exactRegister()
  const register = type !== null && loaded.has(type) ? exact : nameRegister()
  return (entry) => {
    const { rawName, unicodeName } = entry
    const name = pathOf(entry.name, rawName, isPackage)
    const header = unicodeName === null ? name : pathOf(nameFrom(rawName), rawName, isPackage)
    for (const path of new Set([name, header])) {
      const defect = pathDefect(path)
      if (defect !== null) subject.observe('file.archive.path', defect)
    }
    // Case and form are known of text only, not of bytes in a character set that nobody names.
    const isText = unicodeName !== null || !isUndecided(rawName)
    const collision = (isText ? register : exact).add(name, isFolder(entry))
    if (collision !== null) subject.observe('file.archive.duplicate', collision)
  }
}

/**
 * In Shift_JIS, GBK and Big5, a backslash is also the second byte of a letter, as archives of East Asian Windows have it.
 * It counts as a slash here where it can be such a letter and leads nowhere else as a separator; and in documents, of
 * which some generators name the parts with it.
 */
function pathOf(name: string, rawName: string, isPackage: boolean): string {
  if (!name.includes('\\') || !(isPackage || isUndecided(rawName))) return name
  const separated = name.replaceAll('\\', '/')
  if (isPackage) return separated
  const isLetter = !rawName.replace(/[\x81-\xFE]\\/g, '').includes('\\')
  return isLetter && pathDefect(separated) === null ? separated : name
}

function exactRegister(): NameRegister {
  const seen = new Set<string>()
  return {
    add(name, isFolder) {
      if (!seen.has(name)) {
        seen.add(name)
        return null
      }
      return isFolder === true ? null : `two members have the name ${shown(name)}`
    },
  }
}
