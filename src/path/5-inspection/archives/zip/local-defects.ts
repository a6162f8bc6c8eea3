import { shown } from '../../shown.ts'
import { descriptorFlag, encryptedFlag, maskedFlag, strongFlag, utf8Flag, type ZipEntry } from './entry.ts'
import type { LocalHeader } from './local-header.ts'
import { methodName } from './methods.ts'
import { isSameName, isUndecided } from './names.ts'

/**
 * What a reader of local headers, as of a stream, sees otherwise than a reader of the directory: clauses for people.
 * Times, versions and other extra fields differ in ordinary archives.
 */
export function localDefects(entry: ZipEntry, local: LocalHeader): string[] {
  const name = shown(entry.name)
  const defects: string[] = []
  if (local.rawName !== entry.rawName) {
    defects.push(`the member ${name} is called ${shown(local.rawName)} in its own header`)
  }
  if (local.method !== entry.method) {
    const [own, listed] = [methodName(local.method), methodName(entry.method)]
    defects.push(`the header of the member ${name} says ${own} where the directory says ${listed}`)
  }
  if (((local.flags ^ entry.flags) & flagsThatMatter(entry)) !== 0) {
    defects.push(`the header of the member ${name} has other flags than the directory`)
  }
  if (!sizesAgree(entry, local))
    defects.push(`the header of the member ${name} has another size or checksum than the directory`)
  return defects
}

/** Encryption; and the character set, where a name has a use for it. */
function flagsThatMatter({ rawName }: ZipEntry): number {
  return encryptedFlag | strongFlag | maskedFlag | (isUndecided(rawName) ? utf8Flag : 0)
}

/** With a descriptor to come, each of the three may be unknown: zero, or all ones as in a ZIP64 record without values. */
function sizesAgree(entry: ZipEntry, local: LocalHeader): boolean {
  const isOpen = (local.flags & descriptorFlag) !== 0
  const agrees = (own: number, listed: number) => own === listed || (isOpen && (own === 0 || own === 0xffffffff))
  return agrees(local.crc, entry.crc) && agrees(local.packed, entry.packed) && agrees(local.size, entry.size)
}

/** Names in Unicode Path records that are not those of the headers, as clauses for people. */
export function unicodeDefects(entry: ZipEntry, local: LocalHeader): string[] {
  const others = [entry.unicodeName, local.unicodeName].filter((name) => name !== null && !isSameName(entry.name, name))
  const differ = local.unicodeName !== null && entry.unicodeName !== null && local.unicodeName !== entry.unicodeName
  if (others.length === 0 && !differ) return []
  const other = others[0] ?? local.unicodeName ?? ''
  return [`the member ${shown(entry.name)} has a second name, ${shown(other)}, in an extra field`]
}
