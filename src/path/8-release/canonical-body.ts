import { freshBytes } from '../../random.ts'
import type { HeldContent } from '../types.ts'
import { type CanonicalPart, contentLength, writePartHeader } from './canonical-part.ts'

/** A body that can be sent as often as a retry needs it. */
export interface ReleaseBody {
  readonly contentType: string
  readonly contentLength: number
  /** The whole body in one buffer, where it is small and in memory: the cheapest thing to send. */
  whole(): Buffer | null
  chunks(): AsyncIterable<Buffer>
}

/** Above this a body is sent in pieces instead of being copied into one. */
const wholeUpTo = 256 * 1024
/** Part headers and small contents are gathered into writes of about this size. */
const gatherUpTo = 64 * 1024
/** From this size on a write of its own costs less than the copy. */
const uncopiedFrom = 16 * 1024

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * 28 letters and digits, the longest that all parsers tried accept. Made after the data came, from 166 random bits: that
 * it occurs in n bytes of data has the probability n / 2^166, which no search through the data would improve.
 */
export function freshBoundary(): string {
  let boundary = ''
  while (boundary.length < 28) {
    for (const byte of freshBytes(40)) {
      // 248 is the largest multiple of 62 in a byte; what is above would make some letters likelier.
      if (byte < 248 && boundary.length < 28) boundary += letters[byte % 62]
    }
  }
  return boundary
}

/** The canonical multipart/form-data body of these parts. */
export function multipartBody(parts: readonly CanonicalPart[], boundary: string): ReleaseBody {
  const heads = parts.map((part, index) => writeHead(part, boundary, index === 0))
  const tail = Buffer.from(`${parts.length === 0 ? '' : '\r\n'}--${boundary}--\r\n`, 'latin1')
  const framing = heads.reduce((sum, head) => sum + head.length, tail.length)
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    contentLength: parts.reduce((sum, part) => sum + contentLength(part), framing),
    whole() {
      return this.contentLength > wholeUpTo ? null : concatenate(parts, heads, tail, this.contentLength)
    },
    chunks: () => gather(pieces(parts, heads, tail)),
  }
}

/** A raw upload: the file as it is. */
export function rawBody(content: HeldContent, contentType: string): ReleaseBody {
  return {
    contentType,
    contentLength: content.size,
    whole() {
      const views = content.views()
      return views === null || content.size > wholeUpTo ? null : Buffer.concat([...views], content.size)
    },
    chunks: () => content.chunks(),
  }
}

function writeHead(part: CanonicalPart, boundary: string, first: boolean): Buffer {
  return Buffer.from(`${first ? '' : '\r\n'}--${boundary}\r\n${writePartHeader(part)}`, 'utf8')
}

function concatenate(
  parts: readonly CanonicalPart[],
  heads: readonly Buffer[],
  tail: Buffer,
  length: number,
): Buffer | null {
  const buffers: Buffer[] = []
  for (const [index, { content }] of parts.entries()) {
    buffers.push(heads[index] as Buffer)
    if (Buffer.isBuffer(content)) {
      buffers.push(content)
      continue
    }
    const views = content.views()
    if (views === null) return null
    buffers.push(...views)
  }
  buffers.push(tail)
  return Buffer.concat(buffers, length)
}

async function* pieces(
  parts: readonly CanonicalPart[],
  heads: readonly Buffer[],
  tail: Buffer,
): AsyncGenerator<Buffer> {
  for (const [index, { content }] of parts.entries()) {
    yield heads[index] as Buffer
    if (Buffer.isBuffer(content)) yield content
    else yield* content.chunks()
  }
  yield tail
}

/** Joins small pieces, so that a thousand fields are not two thousand writes; large ones are never copied. */
async function* gather(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let length = 0
  for await (const piece of source) {
    const large = piece.length >= uncopiedFrom
    if (!large) {
      waiting.push(piece)
      length += piece.length
    }
    if (length > 0 && (large || length >= gatherUpTo)) {
      yield Buffer.concat(waiting, length)
      waiting = []
      length = 0
    }
    if (large) yield piece
  }
  if (length > 0) yield Buffer.concat(waiting, length)
}
