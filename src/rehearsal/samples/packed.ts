import { gzipSync } from 'node:zlib'
import { words } from './fill.ts'
import { bombMember, zip, zipMember } from './zip.ts'

export interface NamedContent {
  readonly name: string
  readonly content: Buffer
}

export interface ZipOptions {
  readonly members?: readonly NamedContent[] | undefined
  /** Bytes that one more member unpacks to. */
  readonly bomb?: number | undefined
  /** Archives within each other; 1 is an archive without archives in it. */
  readonly depth?: number | undefined
  readonly encrypted?: boolean | undefined
}

const note: NamedContent = { name: 'note.txt', content: Buffer.from(words(88)) }

/** A ZIP of the members, of a note where there are none. */
export function zipArchive({ members, bomb, depth = 1, encrypted = false }: ZipOptions): Buffer {
  const contents = members ?? (bomb === undefined ? [note] : [])
  const listed = contents.map(({ name, content }) => zipMember(name, content))
  if (bomb !== undefined) listed.push(bombMember('zeros.bin', bomb))
  let archive = zip(listed, { encrypted })
  for (let level = 1; level < depth; level++) archive = zip([zipMember(`level-${level}.zip`, archive)])
  return archive
}

/** A note, packed. */
export function gzip(): Buffer {
  return gzipSync(note.content)
}

const blockSize = 512
/** Where the fields of a header begin (POSIX.1-1988). */
const fields = { mode: 100, size: 124, checksum: 148, magic: 257 } as const

/** A tar archive of the members, of a note where there are none. */
export function tar({ members = [note] }: Pick<ZipOptions, 'members'>): Buffer {
  return Buffer.concat([...members.map(tarMember), Buffer.alloc(2 * blockSize)])
}

function tarMember({ name, content }: NamedContent): Buffer {
  const header = Buffer.alloc(blockSize)
  header.write(name.slice(0, 100), 0)
  header.write('0000644\0', fields.mode)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, fields.size)
  header.write('ustar\x0000', fields.magic)
  header.fill(' ', fields.checksum, fields.checksum + 8)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, fields.checksum)
  return Buffer.concat([header, content, Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize)])
}
