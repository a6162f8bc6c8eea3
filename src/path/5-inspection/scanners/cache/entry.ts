import type { ScanAnswer } from '../scanner.ts'

/** An answer that stays the same as long as the file and the scanner do. */
export type DefiniteAnswer = Exclude<ScanAnswer, { readonly result: 'unscanned' }>

/** What scanners call their findings: printable, at most 200 characters. */
const named = /^infected ([^\p{C}\p{Zl}\p{Zp}]{1,200})$/u

/** Null where it is nothing that was written here: then it is as if there were nothing. */
export function readAnswer(value: string | null): DefiniteAnswer | null {
  if (value === 'clean' || value === 'allowed') return { result: value }
  const signature = value === null ? undefined : named.exec(value)?.[1]
  return signature === undefined ? null : { result: 'infected', signature }
}

/** Null where it could not be read again. */
export function writeAnswer(answer: DefiniteAnswer): string | null {
  const value = answer.result === 'infected' ? `infected ${answer.signature}` : answer.result
  return readAnswer(value) === null ? null : value
}
