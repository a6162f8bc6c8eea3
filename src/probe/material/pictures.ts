/** Small pictures, and the places in them where data can hide. */
import { crc32, deflateSync } from 'node:zlib'
import { join } from './form.ts'

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function chunk(type: string, data: Buffer): Buffer {
  const body = join(type, data)
  return join(uint32(data.length), body, uint32(crc32(body)))
}

/** A grey PNG: one pixel, unless its header says more than there is. */
export function png({ width = 1, height = 1, text }: { width?: number; height?: number; text?: string } = {}): Buffer {
  const header = join(uint32(width), uint32(height), Uint8Array.of(8, 0, 0, 0, 0))
  const comment = text === undefined ? [] : [chunk('tEXt', join('Comment\0', text))]
  const pixels = chunk('IDAT', deflateSync(Uint8Array.of(0, 128)))
  return join(Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), ...comment, pixels, chunk('IEND', join()))
}

const quantisation =
  '080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432'
const huffmanDc = '0000010501010101010100000000000000000102030405060708090a0b'
const huffmanAc =
  '100002010303020403050504040000017d0102030004110512213141061351610722' +
  '7114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a' +
  '636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6' +
  'c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa'

function segment(marker: number, data: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(data.length + 2)
  return join(Uint8Array.of(0xff, marker), length, data)
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

/** A grey JPEG of one pixel, with a comment where one is given. */
export function jpeg(comment?: string): Buffer {
  return join(
    hex('ffd8'),
    segment(0xe0, hex('4a46494600010100000100010000')),
    ...(comment === undefined ? [] : [segment(0xfe, join(comment))]),
    segment(0xdb, hex(`00${quantisation}`)),
    segment(0xc0, hex('080001000101011100')),
    segment(0xc4, hex(huffmanDc)),
    segment(0xc4, hex(huffmanAc)),
    segment(0xda, hex('010100003f00')),
    hex('fbd3ffd9'),
  )
}

/** A GIF of one pixel, with a comment where one is given. */
export function gif(comment?: string): Buffer {
  const told = comment === undefined ? [] : [hex('21fe'), Uint8Array.of(Buffer.byteLength(comment)), comment, hex('00')]
  return join(hex('47494638396101000100800000000000ffffff'), ...told, hex('2c00000000010001000002024401003b'))
}
