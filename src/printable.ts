/** What must not reach a reader: controls, format and direction characters, separators, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/** A name or word that somebody else chose: at most `longest` UTF-16 units, nothing in it that steers. */
export function plain(text: string, longest: number): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text
  return cut.replace(unseen, '\uFFFD')
}

/** An error as a clause for operators, whatever a server has put into it: at most 200 characters. */
export function describeFault(error: unknown): string {
  return plain(error instanceof Error ? error.message : String(error), 200)
}
