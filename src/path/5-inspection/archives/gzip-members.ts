import { crc32, inflateRawSync } from 'node:zlib'
import { nameText } from './name-text.ts'
import { tooLong } from './packed-content.ts'

/** Members that are unpacked at most; block gzip has one for each 64 KiB. */
const mostMembers = 100_000
const trailerLength = 8

/** A gzip file taken apart (RFC 1952). Members follow each other without a gap; their contents are one. */
export interface GzipMembers {
  readonly content: Buffer
  /** Stored names, of the members that have one, at most ten. */
  readonly names: readonly string[]
  readonly count: number
  /** Offset of the first byte after the last member. */
  readonly end: number
  /** A clause about a trailer that does not fit its data; null where all fit. */
  readonly mismatch: string | null
}

/** Throws where the data is not gzip to the end of a member, and a RangeError past `most` bytes of content. */
export function unpackGzip(packed: Buffer, most: number): GzipMembers {
  const contents: Buffer[] = []
  const names: string[] = []
  let [at, room, count] = [0, most, 0]
  let mismatch: string | null = null
  while (isGzip(packed, at)) {
    if (count === mostMembers) throw tooLong()
    const header = readHeader(packed, at)
    const { content, end } = inflate(packed.subarray(header.end), room)
    const trailer = header.end + end
    mismatch ??= trailerDefect(packed.subarray(trailer, trailer + trailerLength), content, count)
    if (header.name !== null && names.length < 10) names.push(header.name)
    contents.push(content)
    room -= content.length
    at = trailer + trailerLength
    count += 1
  }
  const [first] = contents
  const content = contents.length === 1 && first !== undefined ? first : Buffer.concat(contents)
  return { content, names, count, end: Math.min(at, packed.length), mismatch }
}

function isGzip(packed: Buffer, at: number): boolean {
  return packed[at] === 0x1f && packed[at + 1] === 0x8b
}

/** Inflates up to the end of the stream, which the engine knows, whatever follows. */
function inflate(packed: Buffer, room: number): { readonly content: Buffer; readonly end: number } {
  const chunkSize = packed.length > 65_536 ? 65_536 : 16_384
  // The typings know nothing of `info`: https://nodejs.org/api/zlib.html#class-options
  const inflated = inflateRawSync(packed, { maxOutputLength: Math.max(room, 1), chunkSize, info: true }) as unknown
  const { buffer, engine } = inflated as { buffer: Buffer; engine: { bytesWritten: number } }
  if (buffer.length > room) throw tooLong()
  return { content: buffer, end: engine.bytesWritten }
}

function trailerDefect(trailer: Buffer, content: Buffer, index: number): string | null {
  if (trailer.length < trailerLength) throw new Error('truncated')
  const which = index === 0 ? '' : ` of member ${index + 1}`
  if (trailer.readUInt32LE(0) !== crc32(content)) return `the checksum${which} does not fit its data`
  return trailer.readUInt32LE(4) === content.length % 2 ** 32 ? null : `the length${which} does not fit its data`
}

const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 }

/** RFC 1952 section 2.3. Must throw no RangeError, which would be taken for a passed bound. */
function readHeader(packed: Buffer, at: number): { readonly name: string | null; readonly end: number } {
  const byte = (offset: number) => packed[offset] ?? 0
  const set = byte(at + 3)
  if (byte(at + 2) !== 8 || (set & flags.reserved) !== 0) throw new Error('not deflate, or reserved flags')
  let end = at + 10
  if ((set & flags.extra) !== 0) end += 2 + byte(end) + byte(end + 1) * 256
  let name: string | null = null
  if ((set & flags.name) !== 0) {
    const stop = endOfString(packed, end)
    name = nameText(packed.subarray(end, stop))
    end = stop + 1
  }
  if ((set & flags.comment) !== 0) end = endOfString(packed, end) + 1
  return { name, end: (set & flags.headerChecksum) === 0 ? end : end + 2 }
}

function endOfString(packed: Buffer, from: number): number {
  const end = packed.indexOf(0, from)
  if (end === -1) throw new Error('truncated')
  return end
}
