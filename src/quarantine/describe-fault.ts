/** Controls, format and direction characters, separators, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/** An error as a clause for operators, whatever a server has put into it: printable, at most 200 characters. */
export function describeFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.slice(0, 200).replace(unseen, '\uFFFD')
}
