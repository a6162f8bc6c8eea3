import type { ContentRuleId } from '../../../problems/catalogue.ts'
import type { Bytes } from '../bytes.ts'

/** Something that betrays itself by fixed bytes, and by more around them that chance does not give. */
export interface Trace {
  readonly rule: ContentRuleId
  /** Latin-1; 2 to 7 bytes, for which Node's search is fastest. */
  readonly needle: string
  /** What it is, for people, where the bytes from the needle on (at most `context`, less at the end) are it. */
  readonly meaning: (from: Buffer) => string | null
}

/** Bytes from a needle on that are judged. */
export const context = 1024
const windowLength = 256 * 1024

/**
 * The first of each trace in all of the bytes, which are read once. Windows overlap by `context`, so that each needle is
 * judged with what follows it.
 */
export function searchTraces(
  bytes: Bytes,
  traces: readonly Trace[],
  found: (rule: ContentRuleId, detail: string) => void,
): void {
  let open = [...traces]
  const step = windowLength - context
  for (let at = 0; at < bytes.size && open.length > 0; at += step) {
    const window = bytes.read(at, at + windowLength)
    const last = at + windowLength >= bytes.size
    open = open.filter(({ rule, needle, meaning }) => {
      const hit = firstIn(window, last ? window.length : step, needle, meaning)
      if (hit !== null) found(rule, `${hit.words} at byte ${at + hit.index}`)
      return hit === null
    })
    if (last) break
  }
}

interface Hit {
  readonly index: number
  readonly words: string
}

function firstIn(window: Buffer, end: number, needle: string, meaning: Trace['meaning']): Hit | null {
  for (let index = window.indexOf(needle, 0, 'latin1'); index >= 0 && index < end; ) {
    const words = meaning(window.subarray(index, index + context))
    if (words !== null) return { index, words }
    index = window.indexOf(needle, index + 1, 'latin1')
  }
  return null
}
