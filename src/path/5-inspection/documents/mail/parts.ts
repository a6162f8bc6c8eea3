import { type Bytes, pieces } from '../../bytes.ts'
import { type MailHeader, readHeader } from './header.ts'

/** A part that is not made of parts. */
export interface MailPart {
  readonly header: MailHeader
  readonly start: number
  readonly end: number
}

/** Levels of parts in parts, of which real mail has three or four; each is one reading of its content. */
const deepest = 12
/** Parts of one level; a policy's limit of members is lower. */
const mostParts = 10_000

/**
 * The parts of a message in their order, messages in it included (RFC 2046, §5.1 and §5.2.1). `defect` is told what keeps
 * some of it from being read, as a clause.
 */
export function* mailParts(
  bytes: Bytes,
  defect: (words: string) => void,
  start = 0,
  end = bytes.size,
  depth = 0,
): Generator<MailPart> {
  const header = readHeader(bytes, start, end)
  if (header === null) return defect('a header in it is too long to be read')
  if (header.ambiguous) defect('a header in it says twice what its content is')
  const isMultipart = header.type.startsWith('multipart/')
  const isMessage = /^message\/(?:rfc822|global|news)$/.test(header.type) && isPlain(header.encoding)
  if (!isMultipart && !isMessage) return yield { header, start: header.end, end }
  if (depth >= deepest) return defect('its parts are nested too deep')
  if (isMessage) return yield* mailParts(bytes, defect, header.end, end, depth + 1)
  if (header.boundary === null || header.boundary === '') return defect('its parts have no boundary')
  for (const [from, to] of between(bytes, header.boundary, header.end, end, defect)) {
    yield* mailParts(bytes, defect, from, to, depth + 1)
  }
}

/** Whether content stands there as it is. */
export function isPlain(encoding: string): boolean {
  return ['', '7bit', '8bit', 'binary'].includes(encoding)
}

/** The ranges between the delimiter lines of a boundary; the last one may lack its end. */
function* between(
  bytes: Bytes,
  boundary: string,
  start: number,
  end: number,
  defect: (words: string) => void,
): Generator<readonly [start: number, end: number]> {
  let from: number | null = null
  let count = 0
  for (const { at, after, closes } of delimiters(bytes, `\n--${boundary}`, start, end)) {
    if (from !== null) yield [from, Math.max(from, at)]
    from = closes ? null : after
    count += 1
    if (closes) return
    if (count > mostParts) return defect('it has too many parts')
  }
  if (from !== null) yield [from, end]
}

interface Delimiter {
  /** Of the line break before it, which is its own (RFC 2046, §5.1.1). */
  readonly at: number
  readonly after: number
  readonly closes: boolean
}

const windowLength = 256 * 1024
/** Of white space behind a boundary, and of a line break before it. */
const margin = 128

/** Content begins behind the line break that ends its header, which is that of a delimiter at its beginning as well. */
function* delimiters(bytes: Bytes, needle: string, start: number, end: number): Generator<Delimiter> {
  const overlap = needle.length + margin
  for (const [at, piece] of pieces(bytes, windowLength, start - 1, end)) {
    const from = Math.max(start - 1, at - 1)
    const window = bytes.read(from, Math.min(at + windowLength + overlap, end))
    let found = window.indexOf(needle, at - from, 'latin1')
    for (; found >= 0 && from + found < at + piece.length; found = window.indexOf(needle, found + 1, 'latin1')) {
      const rest = window.toString('latin1', found + needle.length, found + overlap)
      const line = /^(--)?[ \t]*(?:\r?\n|\r?$)/.exec(rest)
      if (line === null) continue
      const after = from + found + needle.length + line[0].length
      const lineBreak = found > 0 && window[found - 1] === 0x0d ? 1 : 0
      yield { at: from + found - lineBreak, after, closes: line[1] !== undefined }
    }
  }
}
