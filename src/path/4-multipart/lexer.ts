import { type Violation, violation } from '../../problems/violation.ts'
import type { PartHeader } from '../types.ts'
import { HeaderBlock } from './header-block.ts'
import { parsePartHeader } from './part-header.ts'

/** What the lexer tells, in order: begin, data…, end, begin, … A returned violation stops it. */
export interface PartSink {
  partBegin(header: PartHeader): Violation | null
  /** A view of the caller's chunk, or of the delimiter's own bytes; never a copy. */
  partData(content: Buffer): Violation | null
  partEnd(header: PartHeader): Violation | null
}

const CR = 0x0d
const LF = 0x0a
const HYPHEN = 0x2d

type State = 'start' | 'opening' | 'delimited' | 'header' | 'body' | 'content' | 'closed'

/**
 * Strict streaming lexer for multipart/form-data (RFC 7578, RFC 2046 5.1).
 *
 * Every byte is attributed to a delimiter, a part header or the content of a part (`delimiterBytes`, `headerBytes`,
 * `contentBytes`; their sum is `offset`), or the body is refused with the offset of the first byte that is none of them.
 * Nothing is repaired or skipped: no preamble but one CRLF, no padding after a boundary, no epilogue but one CRLF
 * (after the CRLF that introduces it: Ruby's multipart-post ends with two).
 *
 * Content is passed on as views. The search looks for CRLF--boundary; where a chunk ends within a possible delimiter,
 * only the number of matched bytes is kept, since the bytes themselves are known. CR occurs in the needle at index 0
 * only, so a match that fails never hides the start of another one, and the cost is linear for any boundary.
 */
export class MultipartLexer {
  delimiterBytes = 0
  headerBytes = 0
  contentBytes = 0
  readonly #needle: Buffer
  readonly #sink: PartSink
  readonly #block = new HeaderBlock()
  #state: State = 'start'
  /** Bytes of the needle matched so far (`start`, `opening`, `content`). */
  #matched = 0
  /** First of the two bytes after a delimiter, -1 before it came. */
  #first = -1
  /** Bytes after the closing delimiter. */
  #trailing = 0
  #parts = 0
  #header: PartHeader | null = null
  #contentStart = 0

  constructor(boundary: string, sink: PartSink) {
    this.#needle = Buffer.from(`\r\n--${boundary}`, 'latin1')
    this.#sink = sink
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.delimiterBytes + this.headerBytes + this.contentBytes
  }

  get parts(): number {
    return this.#parts
  }

  /** Reads one chunk to its end. After a violation the lexer must not be used again. */
  write(chunk: Buffer): Violation | null {
    let at = 0
    while (at < chunk.length) {
      const next = this.#step(chunk, at)
      if (typeof next !== 'number') return next
      at = next
    }
    return null
  }

  /** The body has ended. */
  end(): Violation | null {
    if (this.#state !== 'closed' || this.#trailing % 2 === 1) {
      return violation('multipart.truncated', { offset: this.offset, ...this.#where() })
    }
    return null
  }

  #step(chunk: Buffer, at: number): number | Violation {
    switch (this.#state) {
      case 'start':
        return this.#begin(chunk, at)
      case 'opening':
        return this.#open(chunk, at)
      case 'delimited':
        return this.#afterDelimiter(chunk, at)
      case 'header':
        return this.#readHeader(chunk, at)
      case 'body':
        return this.#beginContent(chunk, at)
      case 'content':
        return this.#matched > 0 ? this.#resumeMatch(chunk, at) : this.#readContent(chunk, at)
      case 'closed':
        return this.#afterClose(chunk, at)
    }
  }

  /** The first delimiter has no CRLF of its own; one before it is tolerated (RFC 2046 calls it an empty preamble). */
  #begin(chunk: Buffer, at: number): number {
    this.#matched = chunk[at] === CR ? 0 : 2
    this.#state = 'opening'
    return at
  }

  #open(chunk: Buffer, from: number): number | Violation {
    let at = from
    while (at < chunk.length && this.#matched < this.#needle.length) {
      if (chunk[at] !== this.#needle[this.#matched]) return violation('multipart.preamble', { offset: this.offset })
      this.#matched++
      this.delimiterBytes++
      at++
    }
    if (this.#matched === this.#needle.length) this.#delimit()
    return at
  }

  #delimit(): void {
    this.#matched = 0
    this.#first = -1
    this.#state = 'delimited'
  }

  /** CRLF: a part follows. Two hyphens: the body is closed. All else would be read differently by different parsers. */
  #afterDelimiter(chunk: Buffer, at: number): number | Violation {
    const byte = chunk[at] as number
    if (this.#first === -1) {
      if (byte !== CR && byte !== HYPHEN) return violation('multipart.delimiter.malformed', { offset: this.offset })
      this.#first = byte
    } else if (this.#first === CR && byte === LF) {
      this.#state = 'header'
      this.#first = -1
    } else if (this.#first === HYPHEN && byte === HYPHEN) {
      this.#state = 'closed'
      this.#first = -1
    } else {
      return violation('multipart.delimiter.malformed', { offset: this.offset })
    }
    this.delimiterBytes++
    return at + 1
  }

  #readHeader(chunk: Buffer, at: number): number | Violation {
    const startOffset = this.offset - this.#block.pending
    const taken = this.#block.take(chunk, at)
    this.headerBytes += taken.length
    if (taken.block === null) {
      if (!taken.overflow) return at + taken.length
      return violation('multipart.header.too-large', { part: this.#parts + 1, offset: startOffset })
    }
    const header = parsePartHeader(taken.block, this.#parts + 1, startOffset)
    if ('failed' in header) return header
    this.#parts++
    this.#header = header
    this.#contentStart = this.contentBytes
    this.#matched = 2
    this.#state = 'body'
    return this.#sink.partBegin(header) ?? at + taken.length
  }

  /**
   * Content that begins with --boundary: RFC 2046's grammar reads the empty line before it as part of a delimiter after
   * a part without content, other parsers as the end of the header.
   */
  #beginContent(chunk: Buffer, from: number): number | Violation {
    const at = this.#match(chunk, from)
    if (this.#matched === this.#needle.length) {
      return violation('multipart.delimiter.malformed', { ...this.#where(), offset: this.offset })
    }
    if (at === chunk.length) return at
    const content = this.#needle.subarray(2, this.#matched)
    this.#matched = 0
    this.#state = 'content'
    return this.#give(content, 0, content.length) ?? at
  }

  #readContent(chunk: Buffer, at: number): number | Violation {
    const found = chunk.indexOf(this.#needle, at)
    if (found >= 0) return this.#give(chunk, at, found) ?? this.#endPart() ?? found + this.#needle.length
    const held = this.#possibleMatch(chunk, at)
    this.#matched = chunk.length - held
    return this.#give(chunk, at, held) ?? chunk.length
  }

  /** Index from which the chunk's end may be the beginning of a delimiter; the chunk's length when nowhere. */
  #possibleMatch(chunk: Buffer, at: number): number {
    let start = chunk.indexOf(CR, Math.max(at, chunk.length - this.#needle.length + 1))
    while (start >= 0) {
      if (chunk.compare(this.#needle, 0, chunk.length - start, start) === 0) return start
      start = chunk.indexOf(CR, start + 1)
    }
    return chunk.length
  }

  /** Goes on with a delimiter that the last chunk may have begun; its bytes turn out to be content if it fails. */
  #resumeMatch(chunk: Buffer, from: number): number | Violation {
    const at = this.#match(chunk, from)
    if (this.#matched === this.#needle.length) return this.#endPart() ?? at
    if (at === chunk.length) return at
    const content = this.#needle.subarray(0, this.#matched)
    this.#matched = 0
    return this.#give(content, 0, content.length) ?? at
  }

  /** Goes on matching the delimiter; the index of the first byte that is none of it, or the chunk's length. */
  #match(chunk: Buffer, from: number): number {
    let at = from
    while (at < chunk.length && this.#matched < this.#needle.length && chunk[at] === this.#needle[this.#matched]) {
      this.#matched++
      at++
    }
    return at
  }

  #give(chunk: Buffer, start: number, end: number): Violation | null {
    if (start === end) return null
    this.contentBytes += end - start
    return this.#sink.partData(start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end))
  }

  #endPart(): Violation | null {
    const header = this.#header as PartHeader
    const length = this.contentBytes - this.#contentStart
    if (header.declaredLength !== null && header.declaredLength !== length) {
      return violation('multipart.content-length', {
        ...this.#where(),
        offset: header.offset,
        failed: `the part announces ${header.declaredLength} bytes and has ${length}`,
      })
    }
    const stopped = this.#sink.partEnd(header)
    this.delimiterBytes += this.#needle.length
    this.#header = null
    this.#delimit()
    return stopped
  }

  /** RFC 2046 5.1.1: close-delimiter [CRLF epilogue]. The epilogue may be one CRLF. */
  #afterClose(chunk: Buffer, at: number): number | Violation {
    const expected = this.#trailing % 2 === 0 ? CR : LF
    if (this.#trailing === 4 || chunk[at] !== expected) return violation('multipart.epilogue', { offset: this.offset })
    this.#trailing++
    this.delimiterBytes++
    return at + 1
  }

  #where(): { part?: number; field?: string } {
    return this.#header ? { part: this.#header.part, field: this.#header.name } : {}
  }
}
