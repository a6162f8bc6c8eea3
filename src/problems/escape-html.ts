const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

/**
 * Markup, and what a reader cannot see or what turns the reading direction: controls, format characters, separators.
 * The two joiners stay, because scripts and emoji need them.
 */
const SPECIAL = /[[&<>"'\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\u200c\u200d]]/gv

/** Text for element content. What cannot be seen is shown by its code point, in an element `.hidden-character`. */
export function escapeHtml(text: string): string {
  return text.replace(SPECIAL, (character) => ENTITIES.get(character) ?? codePoint(character))
}

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `<span class="hidden-character">U+${hex}</span>`
}
