import { crc32, deflateRawSync } from 'node:zlib'

/** What one tar header says; the rest is as GNU tar writes it. */
export interface TarParts {
  readonly name: string | Buffer
  readonly content?: string
  readonly type?: string
  readonly link?: string
  /** The field as written, instead of the length of the content. */
  readonly size?: string | Buffer
  readonly prefix?: string
  readonly magic?: string
}

const blockSize = 512

/** One member of a tar file: a header with its checksum, and its content, padded. */
export function tarMember({ name, content = '', type = '0', link = '', size, prefix, magic }: TarParts): Buffer {
  const block = Buffer.alloc(blockSize)
  const data = Buffer.from(content)
  block.set(Buffer.from(name).subarray(0, 100))
  block.write('0000644\0', 100)
  const stated = size ?? `${data.length.toString(8).padStart(11, '0')}\0`
  block.set(typeof stated === 'string' ? Buffer.from(stated) : stated, 124)
  block.write('        ', 148)
  block.write(type, 156)
  block.write(link, 157, 100)
  block.write(magic ?? 'ustar\u000000', 257)
  if (prefix !== undefined) block.write(prefix, 345)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([block, data, Buffer.alloc((blockSize - (data.length % blockSize)) % blockSize)])
}

/** A pax extended header of these records, for the next member. */
export function paxHeader(records: Readonly<Record<string, string>>, type = 'x'): Buffer {
  const content = Object.entries(records).map(([key, value]) => paxRecord(key, value))
  return tarMember({ name: 'PaxHeaders/next', type, content: content.join('') })
}

function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  const guess = Buffer.byteLength(rest) + 2
  const length = Buffer.byteLength(`${guess}${rest}`)
  return `${length}${rest}`
}

export function tarOf(...members: readonly Buffer[]): Buffer {
  return Buffer.concat([...members, Buffer.alloc(2 * blockSize)])
}

/** A member of a gzip file with all the fields that a header may have. */
export function gzipMember(content: Buffer, name: string | null = null, comment: string | null = null): Buffer {
  const flags = (name === null ? 0 : 8) | (comment === null ? 0 : 16) | 4
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(content), 0)
  trailer.writeUInt32LE(content.length, 4)
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255]),
    Buffer.from([4, 0, 0x41, 0x70, 0, 0]),
    Buffer.from([name, comment].map((text) => (text === null ? '' : `${text}\0`)).join('')),
    deflateRawSync(content),
    trailer,
  ])
}

export interface RarParts {
  readonly name: string
  readonly content?: string
  readonly flags?: number
  /** RAR 5: records of the extra area. */
  readonly extra?: readonly number[]
  /** RAR 4: attributes of Unix, with the type of the file. */
  readonly mode?: number
}

const rar4Signature = Buffer.from('Rar!\x1a\x07\0', 'latin1')
const rar5Signature = Buffer.from('Rar!\x1a\x07\x01\0', 'latin1')

/** RAR 4 with members that are stored. */
export function rar4Of(members: readonly RarParts[], mainFlags = 0): Buffer {
  return Buffer.concat([
    rar4Signature,
    rar4Block(0x73, mainFlags, Buffer.alloc(6)),
    ...members.map(rar4Member),
    rar4End,
  ])
}

const rar4End = rar4Block(0x7b, 0x4000, Buffer.alloc(0))

function rar4Member({ name, content = '', flags = 0, mode = 0o100644 }: RarParts): Buffer {
  const fields = Buffer.alloc(25)
  const data = Buffer.from(content)
  fields.writeUInt32LE(data.length, 0)
  fields.writeUInt32LE(data.length, 4)
  fields.writeUInt8(3, 8)
  fields.writeUInt32LE(crc32(data), 9)
  fields.writeUInt32LE(0x5a21_0000, 13)
  fields.writeUInt8(20, 17)
  fields.writeUInt8(0x30, 18)
  fields.writeUInt16LE(Buffer.byteLength(name), 19)
  fields.writeUInt32LE(mode, 21)
  return Buffer.concat([rar4Block(0x74, 0x8000 | flags, Buffer.concat([fields, Buffer.from(name)])), data])
}

function rar4Block(type: number, flags: number, fields: Buffer): Buffer {
  const block = Buffer.concat([Buffer.alloc(7), fields])
  block.writeUInt8(type, 2)
  block.writeUInt16LE(flags, 3)
  block.writeUInt16LE(block.length, 5)
  block.writeUInt16LE(crc32(block.subarray(2)) & 0xffff, 0)
  return block
}

/** RAR 5 with members that are stored; `first` stands before the main header. */
export function rar5Of(members: readonly RarParts[], mainFlags = 0, first: Buffer = Buffer.alloc(0)): Buffer {
  const blocks = [first, rar5Block([1, 0, mainFlags]), ...members.map(rar5Member), rar5Block([5, 0, 0])]
  return Buffer.concat([rar5Signature, ...blocks])
}

/** The header of a RAR 5 archive whose other headers are encrypted. */
export const rar5Encryption = rar5Block([4, 0, 0, 1, 15, ...new Uint8Array(16)])

function rar5Member({ name, content = '', flags = 0, extra = [] }: RarParts): Buffer {
  const data = Buffer.from(content)
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(crc32(data))
  const set = flags | 2 | (extra.length > 0 ? 1 : 0)
  const lengths = extra.length > 0 ? [extra.length, data.length] : [data.length]
  const fields = [4, data.length, 0, ...sum, 0, 1, Buffer.byteLength(name), ...Buffer.from(name)]
  return Buffer.concat([rar5Block([2, set, ...lengths, ...fields, ...extra]), data])
}

/** Numbers below 128 take a byte. */
function rar5Block(fields: readonly number[]): Buffer {
  const block = Buffer.from([0, 0, 0, 0, fields.length, ...fields])
  block.writeUInt32LE(crc32(block.subarray(4)), 0)
  return block
}

/** A cabinet with one member, stored. */
export function cabinetOf(name: string, content: string, set = 0): Buffer {
  const data = Buffer.from(content)
  const file = Buffer.concat([Buffer.alloc(16), Buffer.from(`${name}\0`)])
  file.writeUInt32LE(data.length, 0)
  const head = Buffer.alloc(44)
  const start = head.length + file.length
  head.write('MSCF')
  head.writeUInt32LE(start + 8 + data.length, 8)
  head.writeUInt32LE(head.length, 16)
  head.writeUInt16LE(0x0103, 24)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(1, 28)
  head.writeUInt16LE(set, 30)
  head.writeUInt32LE(start, 36)
  head.writeUInt16LE(1, 40)
  const block = Buffer.alloc(8)
  block.writeUInt16LE(data.length, 4)
  block.writeUInt16LE(data.length, 6)
  return Buffer.concat([head, file, block, data])
}
