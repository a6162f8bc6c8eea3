/** Real files of many types, made at test time: small, but what their programs write in structure. */
import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import type { FileContent } from '../../src/path/types.ts'

export { windowsProgram } from '../../src/probe/material/documents.ts'

export function contentOf(bytes: Buffer): FileContent {
  return { size: bytes.length, read: (start, end) => Promise.resolve(Buffer.from(bytes.subarray(start, end))) }
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** A PNG of one grey pixel, with a comment where one is given. */
export function png(comment?: string): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
  const text = comment === undefined ? [] : [pngChunk('tEXt', Buffer.from(`Comment\0${comment}`, 'latin1'))]
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    ...text,
    pngChunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A JPEG of one pixel. */
export function jpeg(): Buffer {
  return Buffer.from(
    'ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00fbd3ffd9',
    'hex',
  )
}

export const gif = (): Buffer =>
  Buffer.from('47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b', 'hex')

export function pdf(): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>',
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const at = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  const table = `xref\n0 4\n0000000000 65535 f \n${offsets.join('')}`
  return Buffer.from(`${text}${table}trailer << /Size 4 /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`, 'latin1')
}

export interface Member {
  readonly name: string
  readonly data: string | Buffer
  readonly stored?: boolean
}

/** A ZIP file as its common writers make it, without ZIP64 and data descriptors. */
export function zip(members: readonly Member[], comment = ''): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, stored } of members) {
    const bytes = Buffer.from(data)
    const packed = stored ? bytes : deflateRawSync(bytes)
    const label = Buffer.from(name, 'utf8')
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(stored ? 0 : 8, 4)
    shared.writeUInt32LE(crc32(bytes), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(bytes.length, 18)
    shared.writeUInt16LE(label.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), shared, label, packed])
    directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), shared, place, label]))
    locals.push(local)
    offset += local.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('504b0506', 0, 'hex')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(Buffer.byteLength(comment), 20)
  return Buffer.concat([...locals, list, end, Buffer.from(comment)])
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** An Office Open XML file by the folder of its main part (`word`, `xl`, `ppt`), with a macro project on demand. */
export function office(folder: string, macros = false): Buffer {
  const main = { word: 'document', xl: 'workbook', ppt: 'presentation' }[folder] ?? 'part'
  return zip([
    { name: '[Content_Types].xml', data: `${xml}<Types/>` },
    { name: '_rels/.rels', data: `${xml}<Relationships/>` },
    { name: `${folder}/${main}.xml`, data: `${xml}<main/>` },
    ...(macros ? [{ name: `${folder}/vbaProject.bin`, data: Buffer.alloc(64, 1) }] : []),
  ])
}

/** An OpenDocument or EPUB file: the member `mimetype` comes first and is stored. */
export function withMimetype(mimetype: string): Buffer {
  return zip([
    { name: 'mimetype', data: mimetype, stored: true },
    { name: 'content.xml', data: `${xml}<content/>` },
    { name: 'META-INF/manifest.xml', data: `${xml}<manifest/>` },
  ])
}

const free = 0xffffffff
const endOfChain = 0xfffffffe

export interface Stream {
  readonly name: string
  /** Ordinal in the list of the storage that the stream is in; the root where absent. */
  readonly parent?: number
}

function directoryEntry(name: string, type: number, right: number, child: number, classId: string): Buffer {
  const entry = Buffer.alloc(128)
  entry.write(name, 0, 'utf16le')
  entry.writeUInt16LE((name.length + 1) * 2, 0x40)
  entry[0x42] = type
  entry.writeUInt32LE(free, 0x44)
  entry.writeUInt32LE(right, 0x48)
  entry.writeUInt32LE(child, 0x4c)
  entry.write(classId, 0x50, 'hex')
  return entry
}

/** The entries of a directory: root, then the streams; siblings hang on each other to the right. */
function directoryOf(streams: readonly Stream[], classId: string): Buffer {
  const siblings = (parent: number | undefined): number[] =>
    streams.flatMap((stream, index) => (stream.parent === parent ? [index + 1] : []))
  const nextOf = (index: number, parent: number | undefined): number => {
    const row = siblings(parent)
    return row[row.indexOf(index + 1) + 1] ?? free
  }
  const firstIn = (parent: number | undefined): number => siblings(parent)[0] ?? free
  return Buffer.concat([
    directoryEntry('Root Entry', 5, free, firstIn(undefined), classId),
    ...streams.map(({ name, parent }, index) => {
      const child = firstIn(index)
      return directoryEntry(name, child === free ? 2 : 1, nextOf(index, parent), child, '00'.repeat(16))
    }),
  ])
}

/** A compound file ([MS-CFB], version 3): one allocation table, then the directory, in sectors of 512 bytes. */
export function compound(streams: readonly Stream[], classId = '00'.repeat(16)): Buffer {
  const entries = directoryOf(streams, classId)
  const sectors = Math.ceil(entries.length / 512)
  const directory = Buffer.concat([entries, Buffer.alloc(sectors * 512 - entries.length)])
  const header = Buffer.alloc(512, 0xff)
  header.fill(0, 0, 0x4c)
  header.write('d0cf11e0a1b11ae1', 0, 'hex')
  header.write('3e000300feff09000600', 0x18, 'hex')
  header.writeUInt32LE(1, 0x2c)
  header.writeUInt32LE(1, 0x30)
  header.writeUInt32LE(endOfChain, 0x44)
  header.writeUInt32LE(0, 0x4c)
  const table = Buffer.alloc(512, 0xff)
  table.writeUInt32LE(0xfffffffd, 0)
  for (let index = 1; index <= sectors; index += 1) {
    table.writeUInt32LE(index === sectors ? endOfChain : index + 1, index * 4)
  }
  return Buffer.concat([header, table, directory])
}

export function diskImage(): Buffer {
  const bytes = Buffer.alloc(36_000)
  bytes.write('\x01CD001\x01', 32_768, 'latin1')
  return bytes
}

export function tar(name: string, data: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('ustar\x0000', 257)
  header.fill(0x20, 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const body = Buffer.alloc(Math.ceil(data.length / 512) * 512)
  body.write(data)
  return Buffer.concat([header, body, Buffer.alloc(1024)])
}

export const gzip = (text: string): Buffer => gzipSync(text)

export function wav(): Buffer {
  const bytes = Buffer.alloc(48)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(40, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  return bytes
}

/** The first box of an ISO base media file, by its major brand: `isom`, `qt  `, `M4A `, `avif`, `heic`. */
export function isoMedia(brand: string): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.writeUInt32BE(24, 0)
  bytes.write(`ftyp${brand}\0\0\0\0${brand}mif1`, 4, 'latin1')
  bytes.writeUInt32BE(40, 24)
  bytes.write('mdat', 28, 'latin1')
  return bytes
}
