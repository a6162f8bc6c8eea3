import { unscanned } from '../faults.ts'
import { found, says } from '../found.ts'
import type { ScanAnswer } from '../scanner.ts'

/** clamd names a signature and nothing else: a reply is one short line. */
const longest = 4096

/** Collects a reply of clamd, which ends with NUL, or with LF where it gives up on the connection. */
export interface ReplyReader {
  /** The reply; null while it is not complete. `rest`: whether something follows, which nobody asked for. */
  receive(bytes: Buffer): { readonly text: string; readonly rest: boolean } | 'flood' | null
}

export function createReplyReader(): ReplyReader {
  let text = ''
  return {
    receive(bytes) {
      text += bytes.toString('latin1', 0, longest + 1)
      const end = text.search(/[\0\n]/)
      if (end < 0 ? text.length > longest : end > longest) return 'flood'
      return end < 0 ? null : { text: text.slice(0, end), rest: end + 1 < text.length }
    },
  }
}

/** The answer in a reply to INSTREAM in a session, `stream: OK` and the like, without its number. */
export function readReply(reply: string, whole: boolean): ScanAnswer {
  if (reply === 'stream: OK') return whole ? { result: 'clean' } : unscanned('early')
  const name = /^stream: (.+) FOUND$/.exec(reply)?.[1]
  if (name !== undefined) return found(name)
  if (/^INSTREAM size limit exceeded\b/.test(reply)) return unscanned('sizeLimit', says(reply))
  return / ERROR$|^COMMAND READ TIMED OUT$/.test(reply) ? unscanned('failed', says(reply)) : unscanned('garbage')
}
