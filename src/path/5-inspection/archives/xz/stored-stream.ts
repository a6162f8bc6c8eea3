import { crc32 } from 'node:zlib'

/** An xz stream that holds up to 64 KiB as they are ("The .xz File Format"; LZMA2 chunks without compression). */
export function storedStream(content: Buffer): Buffer {
  const flags = Buffer.from([0, 0])
  const blockHeader = withChecksum([2, 0, 0x21, 1, 0, 0, 0, 0])
  const length = content.length - 1
  const block = Buffer.concat([blockHeader, Buffer.from([1, length >> 8, length & 0xff]), content, Buffer.from([0])])
  const index = withChecksum(padded([0, 1, ...number(block.length), ...number(content.length)]))
  const footer = Buffer.from([index.length / 4 - 1, 0, 0, 0, ...flags])
  return Buffer.concat([
    Buffer.from('\xfd7zXZ\0', 'latin1'),
    withChecksum([...flags]),
    Buffer.from(padded([...block])),
    index,
    withChecksum([...footer]).subarray(6),
    footer,
    Buffer.from('YZ'),
  ])
}

function withChecksum(bytes: readonly number[]): Buffer {
  const buffer = Buffer.alloc(bytes.length + 4)
  buffer.set(bytes)
  buffer.writeUInt32LE(crc32(buffer.subarray(0, bytes.length)), bytes.length)
  return buffer
}

function padded(bytes: readonly number[]): number[] {
  return [...bytes, ...[0, 0, 0].slice(0, -bytes.length & 3)]
}

function number(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...number(value >> 7)]
}
