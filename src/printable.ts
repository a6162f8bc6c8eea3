/** What must not reach a reader: controls, format and direction characters, separators, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/** A terminal must not be steered by a name. */
export function printable(text: string): string {
  return text.replace(unseen, '\uFFFD')
}

/** A name or word that somebody else chose: at most `longest` UTF-16 units, nothing in it that steers. */
export function plain(text: string, longest: number): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text
  return printable(cut)
}

/** What JSON leaves as it is, although it steers a terminal or turns the reading direction. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const isPlain = /^[\n -~]*$/

/** The same JSON document, in which no character steers a terminal. Line ends stand between its values only, and stay. */
export function tameJson(json: string): string {
  // Of most documents this is all: looking for a few classes of characters in ASCII costs more than writing it.
  if (isPlain.test(json)) return json
  return json.replace(steering, (character) => (character === '\n' ? character : escaped(character)))
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

/** A JSON document for programs that a terminal can show, too. */
export function jsonDocument(value: unknown): string {
  return tameJson(`${JSON.stringify(value, null, 2)}\n`)
}

/** An error as a clause for operators, whatever a server has put into it: at most 200 characters. */
export function describeFault(error: unknown): string {
  return plain(error instanceof Error ? error.message : String(error), 200)
}
