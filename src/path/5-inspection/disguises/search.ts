import type { ContentRuleId } from '../../../problems/catalogue.ts'
import { type Bytes, pieces } from '../bytes.ts'

/** Something that betrays itself by fixed bytes, and by more behind them that chance does not give. */
export interface Trace {
  readonly rule: ContentRuleId
  /** A clause for people, without the place. */
  readonly words: string
  /** Latin-1; 2 to 7 bytes, for which Node's search is fastest. */
  readonly needle: string
  readonly is: Judge
}

/**
 * Whether a needle at this place of a window is what it seems. There are `context` bytes behind it, less only at the end of
 * the file. Called for each needle, of which hostile data has as many as fit: most must end after a byte or two.
 */
export type Judge = (window: Buffer, at: number) => boolean

const context = 1024
const windowLength = 256 * 1024
/** After a needle another one is looked for nearby, byte by byte, before the search proper is called again. */
const nearby = 16

/** The first of each trace in all of the bytes, which are read once, but for what is around the border of two windows. */
export function searchTraces(
  bytes: Bytes,
  traces: readonly Trace[],
  found: (rule: ContentRuleId, detail: string) => void,
): void {
  let open = [...traces]
  const search = (window: Buffer, start: number, end: number): void => {
    open = open.filter((trace) => {
      const at = firstIn(window, end, trace)
      if (at >= 0) found(trace.rule, `${trace.words} at byte ${start + at}`)
      return at < 0
    })
  }
  for (const [start, window] of pieces(bytes, windowLength)) {
    const end = start + window.length
    if (end === bytes.size) return search(window, start, window.length)
    search(window, start, window.length - context)
    search(bytes.read(end - context, end + context), end - context, context)
    if (open.length === 0) return
  }
}

function firstIn(window: Buffer, end: number, { needle, is }: Trace): number {
  let at = window.indexOf(needle, 0, 'latin1')
  while (at >= 0 && at < end) {
    if (is(window, at)) return at
    at = next(window, at + 1, needle)
  }
  return -1
}

/** The next needle; data that is dense with them would spend most of its time in calls of the search. */
function next(window: Buffer, from: number, needle: string): number {
  const [first, second] = [needle.charCodeAt(0), needle.charCodeAt(1)]
  const near = Math.min(from + nearby, window.length)
  for (let at = from; at < near; at += 1) {
    if (window[at] === first && window[at + 1] === second) {
      if (needle.length === 2 || window.toString('latin1', at, at + needle.length) === needle) return at
    }
  }
  return window.indexOf(needle, near, 'latin1')
}
