import { type Bytes, indexOfText } from '../../../bytes.ts'
import type { ObjectIndex } from '../syntax/object-index.ts'
import { type Dictionary, integerOf, referenceOf, valuesOf } from '../syntax/value.ts'

const keyword = 'endstream'

/** From and to: offsets of the data of a stream. */
export type Range = readonly [start: number, end: number]

/** Bytes read at once where a stream begins: all of small streams. */
const headSize = 1024

/**
 * Where the data of a stream is (ISO 32000-2 §7.3.8). `after` is where the word `stream` ends. The longest /Length after
 * which `endstream` stands, direct or not, else to the next `endstream`, else to the end of the file: filters end by
 * themselves, so that of what several readers take the longest has all.
 */
export function streamRange(bytes: Bytes, after: number, stream: Dictionary, index: ObjectIndex): Range {
  const head = bytes.read(after, after + headSize)
  const gap = gapOf(head)
  const sound = lengthsOf(bytes, stream, index).filter((length) => {
    const end = gap + length
    return endsIn(end + 32 <= head.length ? head.subarray(end) : bytes.read(after + end, after + end + 32))
  })
  const start = after + gap
  if (sound.length > 0) return [start, start + Math.max(...sound)]
  const near = head.indexOf(keyword, gap, 'latin1')
  const end = near < 0 ? indexOfText(bytes, keyword, start) : after + near
  return [start, end < 0 ? bytes.size : end]
}

/** CR LF or LF; some producers write CR alone or spaces before. */
function gapOf(head: Buffer): number {
  return /^[ \t]*(?:\r\n|\n|\r)?/.exec(head.toString('latin1', 0, 16))?.[0].length ?? 0
}

/** Definitions of a length that are looked at, the last ones. */
const mostDefinitions = 2

function lengthsOf(bytes: Bytes, stream: Dictionary, index: ObjectIndex): number[] {
  const lengths = valuesOf(stream, 'Length')
    .slice(0, 4)
    .flatMap((value) => {
      const reference = referenceOf(value)
      if (reference === null) return integerOf(value) ?? []
      return index.find(reference, mostDefinitions).flatMap((offset) => integerAt(bytes, offset) ?? [])
    })
  return lengths.filter((length) => length > 0)
}

function integerAt(bytes: Bytes, offset: number): number | null {
  const match = /^(?:[\0\t\n\f\r ]|%[^\n\r]*[\n\r])*(\d{1,15})/.exec(
    bytes.read(offset, offset + 256).toString('latin1'),
  )
  return match === null ? null : Number(match[1])
}

function endsIn(window: Buffer): boolean {
  return /^[\0\t\n\f\r ]*endstream/.test(window.toString('latin1', 0, 32))
}
