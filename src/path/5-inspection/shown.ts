/** What must not reach a reader: controls, format and direction characters, separators, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/** A name or word out of a file, for a sentence: quoted, at most `longest` characters, nothing in it that steers. */
export function shown(text: string, longest = 80): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text
  return `"${cut.replace(unseen, '\uFFFD')}"`
}
