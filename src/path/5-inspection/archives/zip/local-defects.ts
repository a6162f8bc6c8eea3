import { shown } from '../../shown.ts'
import { descriptorFlag, encryptedFlag, maskedFlag, strongFlag, utf8Flag, type ZipEntry } from './entry.ts'
import type { LocalHeader } from './local-header.ts'
import { methodName } from './methods.ts'
import { isSameName, isUndecided, nameFrom } from './names.ts'

/**
 * What a reader of local headers, as of a stream, sees otherwise than a reader of the directory: clauses for people.
 * Times, versions and most extra fields differ in ordinary archives.
 */
export function localDefects(entry: ZipEntry, local: LocalHeader): string[] {
  const defects: string[] = []
  if (local.rawName !== entry.rawName) defects.push(`its own header calls it ${shown(nameFrom(local.rawName))}`)
  if (local.method !== entry.method) {
    defects.push(`its own header says ${methodName(local.method)}, the directory ${methodName(entry.method)}`)
  }
  if (((local.flags ^ entry.flags) & flagsThatMatter(entry)) !== 0) defects.push('its own header has other flags')
  if (!sizesAgree(entry, local)) defects.push('its own header has another size or checksum')
  const second = secondName(entry, local)
  if (second !== null) defects.push(`an extra field calls it ${shown(second)}`)
  return defects.map((defect) => `the member ${shown(nameFrom(entry.rawName))} can be read in two ways: ${defect}`)
}

/** Encryption; and the character set, where the name has a use for it. */
function flagsThatMatter({ rawName }: ZipEntry): number {
  return encryptedFlag | strongFlag | maskedFlag | (isUndecided(rawName) ? utf8Flag : 0)
}

/** With a descriptor to come, each of the three may be unknown: zero, or all ones as in a ZIP64 record without values. */
function sizesAgree(entry: ZipEntry, local: LocalHeader): boolean {
  const isOpen = (local.flags & descriptorFlag) !== 0
  const agrees = (own: number, listed: number) => own === listed || (isOpen && (own === 0 || own === 0xffffffff))
  return agrees(local.crc, entry.crc) && agrees(local.packed, entry.packed) && agrees(local.size, entry.size)
}

/** A name in a Unicode Path record that is not that of the header, or not that of the other such record. */
function secondName({ rawName, unicodeName }: ZipEntry, local: LocalHeader): string | null {
  const header = nameFrom(rawName)
  if (unicodeName !== null && !isSameName(header, unicodeName)) return unicodeName
  const own = local.unicodeName
  return own === null || (own === (unicodeName ?? own) && isSameName(header, own)) ? null : own
}
