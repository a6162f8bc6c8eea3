/**
 * Stand-ins for names that are not to be kept: a digest in their place, and around it just enough that every rule says
 * of the stand-in what it says of the name. Each is compared with its name; a name without such a stand-in has none.
 */

import { fieldNameBreaches } from '../rules/field-names.ts'
import { leftover } from '../rules/members.ts'
import { byteLength, longestName, withoutEnd } from './canonical.ts'
import { isAmbiguousName, type NameRule, nameDefects } from './checks.ts'
import { extensionOf, fold, isKnownExtension, programExtensions, typesByExtension } from './extensions.ts'
import { rewriteName } from './rewrite.ts'

const bytesOfFiller = 200

/** Hexadecimal digits of a keyed digest of the name; any length above 16. */
export type Digest = string

/** For the name of a file. The stand-in has the bytes of the name, since a rule limits them. Null where there is none. */
export function standInForFile(name: string, digest: Digest): string | null {
  if (name === '' || isVocabulary(name)) return name
  const defects = nameDefects(name, longestName).map(({ rule }) => rule)
  const { before, after } = ornaments(name, defects)
  const tail = `${tailOf(after === '' ? name : withoutEnd(name))}${after}`
  const room = byteLength(name) - byteLength(before) - byteLength(tail)
  const standIn = `${before}${fillerOf(digest, room)}${tail}`
  return room > 0 && profile(standIn) === profile(name) ? standIn : null
}

/** For the name of a member of an archive; of its folders nothing is left but that there are some. */
export function standInForMember(name: string, digest: Digest): string | null {
  const own = ownNameOf(name)
  const folder = own === name ? '' : 'a/'
  const known = own !== '' && (leftover.test(own) || isVocabulary(own))
  const hidden = own === '' ? '' : `${own.startsWith('._') ? '._' : ''}${short(digest)}${tailOf(own)}`
  const standIn = `${folder}${known ? own : hidden}`
  return memberProfile(standIn) === memberProfile(name) ? standIn : null
}

/** What the stand-ins of field names begin with, so that nobody takes one for the name of a field. */
const fieldMark = '~'

/** For the name of a field, or of the input that a file was chosen in. */
export function standInForField(name: string, digest: Digest): string {
  const [breach] = fieldNameBreaches(1, name)
  const ornament = breach === undefined ? '' : breach.always === true ? '"' : ']'
  return `${fieldMark}${short(digest)}${ornament}`
}

export function isStandInForField(name: string): boolean {
  return /^~[0-9a-f]{16}["\]]?$/.test(name)
}

/** A name of nothing but words that rules have themselves says nothing of anybody: ".php", "..". */
function isVocabulary(name: string): boolean {
  return name.split(/[^\p{L}\p{N}]+/u).every((word) => word === '' || isKnownExtension(word))
}

/** What breaks each rule that the name breaks, where a digest and extensions do not. */
function ornaments(name: string, defects: readonly NameRule[]): { readonly before: string; readonly after: string } {
  const has = (rule: NameRule): boolean => defects.includes(rule)
  const before = [
    has('file.name.path') ? 'a/' : '',
    has('file.name.reserved') ? '.' : '',
    has('file.name.characters') ? 'a"' : '',
    has('file.name.bidi') ? 'a\u202E' : '',
    has('file.name.form') && fold(tailOf(name)) === tailOf(name).toLowerCase() ? 'a\u2044' : '',
    has('file.name.stream') ? 'aa:a' : '',
  ].join('')
  return { before, after: has('file.name.trailing') ? (name.endsWith('.') ? '.' : ' ') : '' }
}

/** Extensions that some rule is about, as they stand in the name; the last one of another kind becomes `x`es. */
function tailOf(name: string): string {
  const programs = programExtensions(name)
  const last = extensionOf(name) === '' ? null : name.slice(name.lastIndexOf('.') + 1)
  if (last !== null && fold(last) === programs.at(-1)) programs.pop()
  const known = last === null || isKnownExtension(fold(last)) ? last : 'x'.repeat(byteLength(last))
  return [...programs, ...(known === null ? [] : [known])].map((extension) => `.${extension}`).join('')
}

/** All that rules about files make of a name, under any policy. */
function profile(name: string): string {
  const defects = nameDefects(name, longestName).map(({ rule }) => rule)
  return JSON.stringify([
    byteLength(name),
    defects,
    isAmbiguousName(name),
    kindOf(name),
    kindOf(rewriteName(name, longestName)),
  ])
}

function memberProfile(name: string): string {
  const own = ownNameOf(name)
  return JSON.stringify([
    leftover.test(own),
    own.startsWith('._'),
    programExtensions(own.replaceAll('\uFFFD', '')),
    claimOf(name),
  ])
}

function ownNameOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/** With the bytes of the extension, by which cutting a name spares or drops it. */
function kindOf(name: string): unknown {
  return [programExtensions(name), claimOf(name), byteLength(extensionOf(name))]
}

function claimOf(name: string): unknown {
  const extension = extensionOf(name)
  return extension === '' ? null : typesByExtension(extension)
}

function fillerOf(digest: Digest, room: number): string {
  const enough = Math.max(0, room)
  return digest
    .slice(0, bytesOfFiller)
    .repeat(Math.ceil(enough / Math.min(digest.length, bytesOfFiller)))
    .slice(0, enough)
}

function short(digest: Digest): string {
  return digest.slice(0, 16)
}
