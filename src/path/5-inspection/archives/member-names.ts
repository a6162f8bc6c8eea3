import { shown } from '../shown.ts'

/** What a file system takes for the parent folder: Windows drops dots and spaces at the end of a name. */
const parentFolder = /^\.\.[. ]*$/
/** C0 and C1 controls, and the two characters that turn the direction of what follows, as in "exe.pdf" for "fdp.exe". */
const steering = /[\p{Cc}\u202D\u202E]/u
/** The custom icon of a folder, which macOS names so. */
const finderIcon = /(^|\/)(\._)?Icon\r$/
const drive = /^(?:\.\/)*[a-z]:/i

/**
 * Why a member of this name could be unpacked elsewhere than below the folder that the reader chose, or be shown as what
 * it is not, as a clause that names it; null for an ordinary name. `./a`, which tar writes, is ordinary.
 */
export function pathDefect(name: string): string | null {
  const what = defectOf(name)
  return what === null ? null : `the name of the member ${shown(name)} ${what}`
}

function defectOf(name: string): string | null {
  if (name === '') return 'is empty'
  if (name.startsWith('/')) return 'is an absolute path'
  if (name.includes('\\')) return 'has a backslash, which is a path separator to some programs'
  if (drive.test(name)) return 'begins with a drive'
  if (hasParent(name)) return 'leads to a parent folder'
  if (steering.test(name) && !finderIcon.test(name)) return 'has control characters'
  return null
}

/** Also for wide forms of the dots, which some programs narrow when they choose a name on disk. */
function hasParent(name: string): boolean {
  const isParent = (segment: string) => parentFolder.test(segment)
  return [name, name.normalize('NFKC')].some((form) => form.includes('..') && form.split('/').some(isParent))
}

/** The members' names of one archive. */
export interface NameRegister {
  /**
   * Adds a name; the clause that says which earlier one it collides with, or null. Names collide where one file system
   * or another holds them for the same: equal but for case, canonical Unicode form, dots and spaces at the end of a
   * segment, and empty or `.` segments. A folder may be listed again; a file that has the name of a folder collides.
   */
  add(name: string, isFolder?: boolean): string | null
}

export function nameRegister(): NameRegister {
  const seen = new Map<string, { readonly name: string; readonly isFolder: boolean }>()
  return {
    add(name, isFolder = name.endsWith('/')) {
      const key = keyOf(name)
      const earlier = seen.get(key)
      if (earlier === undefined) seen.set(key, { name, isFolder })
      if (earlier === undefined || (isFolder && earlier.isFolder)) return null
      if (earlier.name === name) return `two members have the name ${shown(name)}`
      return `the names of the members ${shown(earlier.name)} and ${shown(name)} are one to some file systems`
    },
  }
}

/**
 * Canonical forms only: no file system holds "1" and "①" for the same. Upper case first, as that alone makes "ß" the
 * "SS" that APFS takes it for.
 */
function keyOf(name: string): string {
  const folded = name.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC')
  const segments = folded.split('/').map((segment) => (/^\.+$/.test(segment) ? segment : withoutTail(segment)))
  return segments.filter((segment) => segment !== '' && segment !== '.').join('/')
}

/** Without dots and spaces at the end; by hand, as the regular expression takes quadratic time for a name of spaces. */
function withoutTail(segment: string): string {
  let end = segment.length
  while (end > 0 && (segment[end - 1] === '.' || segment[end - 1] === ' ')) end -= 1
  return segment.slice(0, end)
}
