import { plain } from '../../../printable.ts'
import { unscanned } from './faults.ts'
import type { ScanAnswer } from './scanner.ts'

const longestSignature = 200

/** What scanners report in the place of a signature where they could not look: clamd's heuristics, others' words. */
const encrypted =
  /^Heuristics\.Encrypted\.|\bencrypted (?:archive|container|document|file|zip)|\bpassword[ -]protected/i
const partial = /^Heuristics\.Limits\.Exceeded|\bcontainer (?:depth|size|time)|\bscan (?:limit|time)\w* exceeded/i

/** The answer of a scanner that reports something by this name. */
export function found(name: string): ScanAnswer {
  const answer = malware(name)
  if (encrypted.test(answer.signature)) return unscanned('encrypted', `the scanner reports ${answer.signature}`)
  if (partial.test(answer.signature)) return unscanned('incomplete', `the scanner reports ${answer.signature}`)
  return answer
}

/** Malware, whatever its name sounds like. */
export function malware(name: string): Extract<ScanAnswer, { readonly result: 'infected' }> {
  return { result: 'infected', signature: plain(name.trim(), longestSignature) || 'unnamed' }
}

/** A scanner's own words as a detail for operators. */
export function says(words: string): string {
  return `the scanner says: ${plain(words.trim(), 200)}`
}
