import { crc32, deflateRawSync } from 'node:zlib'

export interface Member {
  readonly name: string
  readonly content: Buffer
}

/** An archive in two pieces; bytes that belong to no member may stand between them. */
export interface ZipPieces {
  readonly head: Buffer
  readonly tail: Buffer
}

/** Bytes; places in a ZIP are told in 32 bits (APPNOTE.TXT 4.4.24, without the ZIP64 that not every scanner reads). */
export const largestZip = 2 ** 32 - 1

/** Blanks that make every archive shorter when it is packed, so that no packer leaves it as it is. */
const comment = Buffer.alloc(256, ' ')

/**
 * A ZIP (APPNOTE.TXT 6.3) of deflated members: a stored one could be found by an engine that opens nothing. `gap` is the
 * number of bytes that will stand between the pieces, which is before the last member.
 */
export function zipPieces(members: readonly Member[], gap = 0): ZipPieces {
  const locals: Buffer[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const member of members) {
    if (member === members.at(-1)) offset += gap
    const { label, shared, packed } = packedMember(member)
    const local = Buffer.concat([numbers([0x04034b50, 4]), shared, label, packed])
    const made = numbers([0x02014b50, 4], [20, 2])
    entries.push(Buffer.concat([made, shared, numbers([0, 2], [0, 8], [offset, 4]), label]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(entries)
  const counts = [
    [members.length, 2],
    [members.length, 2],
  ] as const
  const place = [
    [directory.length, 4],
    [offset, 4],
    [comment.length, 2],
  ] as const
  const end = numbers([0x06054b50, 4], [0, 4], ...counts, ...place)
  const head = Buffer.concat(locals.slice(0, -1))
  return { head, tail: Buffer.concat([...locals.slice(-1), directory, end, comment]) }
}

/** The content in an archive in an archive, so many levels deep; 0 is the content itself. */
export function nestedZip(content: Buffer, depth: number): Buffer {
  let inner = content
  for (let level = 1; level <= depth; level++) {
    const name = level === 1 ? 'eicar.com' : `level-${level - 1}.zip`
    inner = zipPieces([{ name, content: inner }]).tail
  }
  return inner
}

/** `shared` is what a local header and an entry of the directory have in common; made on the first of January 1980. */
function packedMember({ name, content }: Member): { label: Buffer; shared: Buffer; packed: Buffer } {
  const label = Buffer.from(name, 'latin1')
  const packed = deflateRawSync(content)
  const sizes = [
    [packed.length, 4],
    [content.length, 4],
    [label.length, 4],
  ] as const
  const shared = numbers([20, 2], [0, 2], [8, 2], [0, 2], [33, 2], [crc32(content), 4], ...sizes)
  return { label, shared, packed }
}

/** Little-endian, each as a value and its width in bytes; 8 bytes are for zeros only. */
function numbers(...fields: readonly (readonly [value: number, width: 2 | 4 | 8])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, width]) => {
      const bytes = Buffer.alloc(width)
      bytes.writeUIntLE(value, 0, Math.min(width, 4))
      return bytes
    }),
  )
}
