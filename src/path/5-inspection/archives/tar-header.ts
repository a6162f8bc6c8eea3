import { nameText } from './name-text.ts'

/** Unit of a tar file, in bytes. */
export const blockSize = 512

/** One header block, as it stands; what extended headers say goes over it. */
export interface TarHeader {
  readonly name: string
  readonly link: string
  /** Bytes of data that follow; null where the field cannot be read one way only. */
  readonly size: number | null
  /** The type flag as a character; "\0" in the oldest archives. */
  readonly type: string
  /** Whether the old GNU map of a sparse file goes on in a block after this one. */
  readonly hasMoreMap: boolean
}

/** POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format". Null where the checksum is wrong. */
export function readTarHeader(block: Buffer): TarHeader | null {
  if (block.length < blockSize || !hasChecksum(block)) return null
  const type = block.toString('latin1', 156, 157)
  const name = text(block, 0, 100)
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? prefixOf(block) : ''
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    link: text(block, 157, 257),
    size: numberAt(block, 124, 136),
    type,
    hasMoreMap: type === 'S' && block[482] !== 0,
  }
}

/** Star keeps times where others have the end of the prefix, and signs such blocks. */
function prefixOf(block: Buffer): string {
  const isStar = block.toString('latin1', 508, 512) === 'tar\0'
  return text(block, 345, isStar ? 476 : 500)
}

/** Old programs summed signed bytes. */
function hasChecksum(block: Buffer): boolean {
  const stated = numberAt(block, 148, 156)
  let [unsigned, high] = [0, 0]
  for (let at = 0; at < blockSize; at += 1) {
    const counted = at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0)
    unsigned += counted
    if (counted > 127) high += 256
  }
  return stated === unsigned || stated === unsigned - high
}

/** Octal digits between spaces or zeros, or base 256 where the first bit is set. Null for anything else. */
function numberAt(block: Buffer, start: number, end: number): number | null {
  const first = block[start] ?? 0
  if (first === 0x80) return base256(block.subarray(start + 1, end))
  const [, digits] = /^ *([0-7]*)(?:[ \0]|$)/.exec(block.toString('latin1', start, end)) ?? []
  return digits === undefined ? null : Number.parseInt(`0${digits}`, 8)
}

function base256(bytes: Buffer): number | null {
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return Number.isSafeInteger(value) ? value : null
}

/** Up to the first zero. */
export function text(bytes: Buffer, start = 0, end = bytes.length): string {
  const field = bytes.subarray(start, end)
  const stop = field.indexOf(0)
  const used = stop === -1 ? field : field.subarray(0, stop)
  return nameText(used)
}
