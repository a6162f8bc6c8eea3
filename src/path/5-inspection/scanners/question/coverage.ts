import { unscanned } from '../faults.ts'
import type { ScanAnswer } from '../scanner.ts'

/** How far a scanner looked. */
export interface Look {
  /** Bytes of the file. */
  readonly size: number
  /** Bytes of it that the scanner took. */
  readonly taken: number
}

/** Why a scanner's word is not worth what it says; null where it is. */
export interface Doubts {
  /** It misses what it must find, or did not yet show that it finds it. */
  readonly honesty: string | null
  /** Its signatures are too old. */
  readonly staleness: string | null
  /** The largest file that it is known to look into; infinite where size is nothing to it. */
  readonly largest: number
}

/** The answer as far as the scanner had the file: one that was given before its end covers a part only. */
export function coverage(answer: ScanAnswer, { size, taken }: Look): ScanAnswer {
  return answer.result === 'clean' && taken < size ? unscanned('early') : answer
}

/** The answer as far as the scanner is to be believed. What it found stays found; what it did not find may be there. */
export function believed(answer: ScanAnswer, size: number, { honesty, staleness, largest }: Doubts): ScanAnswer {
  if (answer.result !== 'clean') return answer
  if (honesty !== null) return unscanned('dishonest', honesty)
  if (staleness !== null) return unscanned('stale', staleness)
  return size > largest ? unscanned('beyondLimit') : answer
}
