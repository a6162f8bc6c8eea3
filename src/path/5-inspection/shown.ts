/** What must not reach a reader: controls, format and direction characters, separators, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/** A name or word out of a file: at most `longest` UTF-16 units, nothing in it that steers. */
export function plain(text: string, longest: number): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text
  return cut.replace(unseen, '\uFFFD')
}

/** The same for a sentence: quoted. */
export function shown(text: string, longest = 80): string {
  return `"${plain(text, longest)}"`
}
