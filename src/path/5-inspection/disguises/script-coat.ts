import { fileType } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import type { Trace } from './search.ts'

/** Signatures that are names to JavaScript: GIF89a, BM, RIFF, ID3, or the first bytes of a JPEG in Latin-1. */
const assigned = /^[A-Za-z_$\xaa-\xff][\w$\xaa-\xff]{0,15}\s{0,9}=[\t\r\n -~]{12}/
const commented = /^[A-Za-z_$\xaa-\xff][\w$\xaa-\xff]{0,15}\s{0,9}\/\*/

const behindComment: Trace = {
  rule: 'file.disguise.polyglot',
  words: 'JavaScript follows behind its signature and a comment,',
  needle: '*/',
  is: (window, at) => {
    const behind = window.toString('latin1', at + 2, at + 64)
    return /^[\t\r\n -~]{12}/.test(behind) && /^\s*[=(;,.[+*|&?-]/.test(behind)
  },
}

/**
 * A binary file that a page can load as a script: its signature is a name, and what follows it is assigned, or is a
 * comment. For the comment there is more to find: where it ends.
 */
export function scriptCoat(
  bytes: Bytes,
  { type }: DetectedType,
): { readonly is: boolean; readonly traces: readonly Trace[] } {
  if (type === null || fileType(type).kind !== 'signature') return { is: false, traces: [] }
  const start = bytes.read(0, 64).toString('latin1')
  return { is: assigned.test(start), traces: commented.test(start) ? [behindComment] : [] }
}
