import { byteLength, longestName, withoutEnd } from './canonical.ts'
import { type NameRule, nameDefects } from './checks.ts'
import { executableExtension } from './extensions.ts'
import { breakReferences } from './references.ts'

/** What no released name may have: controls, quotes, direction changes, colons, and look-alikes of slashes. */
const unwanted = /[\p{Cc}"\u2028\u2029\uFEFF\u202A-\u202E\u2066-\u2069\u2044\u2215\u2216\u29F5\u29F8\u29F9:]/gu

/**
 * A safe name made of an unsafe one: the part after the last separator, what is read differently replaced by `_`,
 * cut to `length` bytes of UTF-8 with its extension kept. Deterministic, never empty, and unchanged when applied
 * again. An extension of a program stays, so that it can be refused.
 */
export function rewriteName(name: string, length: number): string {
  const limit = Math.min(length, longestName)
  if (name !== '' && nameDefects(name, limit).length === 0) return name
  const harmless = withoutDefects(name.toWellFormed())
  const plain = breaks(harmless, 'file.name.form') ? withoutDefects(withoutLookalikes(harmless)) : harmless
  const whole = unreserved(plain)
  const cut = shortened(whole === '' ? 'file' : whole, limit)
  const flat = executableExtension(cut, []) !== null && executableExtension(name, []) === null ? flattened(cut) : cut
  // A part of a name can normalise otherwise than the whole did; letters without any other form end that.
  return nameDefects(flat, limit).length === 0 ? flat : flat.replace(/[^\w.-]/g, '_')
}

/** The last segment that is one, with each unwanted character and pattern replaced. */
function withoutDefects(name: string): string {
  const base = name.split(/[/\\]/).findLast((segment) => /[^.\s]/.test(segment)) ?? ''
  return trimmed(breakPatterns(base.replace(unwanted, '_')))
}

function withoutLookalikes(name: string): string {
  // Twice, since what stood between two characters that compose may have been an invisible one.
  return name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
}

function breaks(name: string, broken: NameRule): boolean {
  return nameDefects(name, Number.POSITIVE_INFINITY).some(({ rule }) => rule === broken)
}

function breakPatterns(base: string): string {
  return breakReferences(base)
    .replace(/%(?=[0-9a-f]{2})/gi, '_')
    .replace(/=\?/g, '=_')
    .replace(/;(?=\s*(?:file)?name\*?\s*=)/gi, '_')
}

function trimmed(base: string): string {
  return withoutEnd(base).trimStart().replace(/^\.+/, '_')
}

function unreserved(base: string): string {
  return breaks(base, 'file.name.reserved') ? `_${base}` : base
}

function shortened(base: string, limit: number): string {
  if (byteLength(base) <= limit) return base
  const dot = base.lastIndexOf('.')
  const extension = dot > 0 && byteLength(base.slice(dot)) < limit ? base.slice(dot) : ''
  // Without its extension, a name must not get another one from where it is cut.
  const stem = extension === '' ? base.replaceAll('.', '_') : base.slice(0, dot)
  const kept = trimmed(cutTo(stem, limit - byteLength(extension))) || '_'
  const short = `${kept}${extension}`
  return breaks(short, 'file.name.reserved') ? `${kept.replace(/.$/u, '_')}${extension}` : short
}

/** As many whole characters of the text as fit into so many bytes of UTF-8. */
function cutTo(text: string, bytes: number): string {
  let kept = ''
  let used = 0
  for (const character of text) {
    used += byteLength(character)
    if (used > bytes) break
    kept += character
  }
  return kept
}

/** All dots but the last replaced: a cut in the middle of a word must not leave the extension of a program. */
function flattened(name: string): string {
  return name.replace(/[\u2025\u2026\uFE19]|\.(?=.*\.)/gs, '_')
}
