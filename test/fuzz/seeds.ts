import { gzipSync, zstdCompressSync } from 'node:zlib'
import * as files from '../support/files.ts'
import { bzip } from './packed-seeds.ts'
import { texts } from './text-seeds.ts'

/** A good file to begin with. `kind` is its type, and how runs are chosen. */
export interface Seed {
  readonly kind: string
  readonly bytes: Buffer
}

const members = [
  { name: 'a.txt', data: 'some text '.repeat(30) },
  { name: 'folder/b.png', data: files.png(), stored: true },
  { name: 'c.svg', data: texts.svg ?? '' },
]

const odf = 'application/vnd.oasis.opendocument.'

/** Small files of every format that is parsed. */
export function seeds(): Seed[] {
  const binaries: readonly (readonly [kind: string, bytes: Buffer])[] = [
    ['png', files.png('a comment')],
    ['jpeg', files.jpeg()],
    ['gif', files.gif()],
    ['webp', Buffer.from('524946461a000000574542505650384c0d0000002f00000010071011118888fe0700', 'hex')],
    ['avif', files.isoMedia('avif')],
    ['heic', files.isoMedia('heic')],
    ['mp4', files.isoMedia('isom')],
    ['bmp', bmp()],
    ['tiff', tiff()],
    ['pdf', files.pdf()],
    ['zip', files.zip(members)],
    ['zip', files.zip([{ name: 'inner.zip', data: files.zip(members) }], 'a comment')],
    ['docx', files.office('word')],
    ['xlsx', files.office('xl', true)],
    ['odt', files.withMimetype(`${odf}text`)],
    ['doc', files.compound([{ name: 'WordDocument' }, { name: 'Macros' }, { name: 'VBA', parent: 1 }])],
    ['gzip', gzipSync(files.tar('a.txt', 'text'))],
    ['tar', files.tar('folder/a.txt', 'some text')],
    ['zstd', zstdCompressSync(Buffer.from('text '.repeat(50)))],
    ['bzip2', bzip()],
    ['wav', files.wav()],
    ['exe', files.windowsProgram()],
  ]
  const written = Object.entries(texts).map(([kind, text]) => [kind, Buffer.from(text)] as const)
  return [...binaries, ...written].map(([kind, bytes]) => ({ kind, bytes }))
}

function bmp(): Buffer {
  const bytes = Buffer.alloc(58)
  bytes.write('BM', 0, 'latin1')
  bytes.writeUInt32LE(58, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(1, 18)
  bytes.writeInt32LE(1, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  return bytes
}

/** One pixel, with the tags that readers ask for. */
function tiff(): Buffer {
  const tags = [
    [0x100, 3, 1, 1],
    [0x101, 3, 1, 1],
    [0x102, 3, 1, 8],
    [0x106, 3, 1, 1],
    [0x111, 4, 1, 8],
    [0x117, 4, 1, 1],
    [0x8769, 4, 1, 12],
  ] as const
  const bytes = Buffer.alloc(12 + 2 + tags.length * 12 + 4)
  bytes.write('49492a000c000000', 0, 'hex')
  bytes.writeUInt16LE(tags.length, 12)
  for (const [index, [tag, type, count, value]] of tags.entries()) {
    bytes.writeUInt16LE(tag, 14 + index * 12)
    bytes.writeUInt16LE(type, 16 + index * 12)
    bytes.writeUInt32LE(count, 18 + index * 12)
    bytes.writeUInt32LE(value, 22 + index * 12)
  }
  return bytes
}
