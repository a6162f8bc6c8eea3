import { crc32 } from 'node:zlib'
import type { Bytes } from '../../bytes.ts'

const footerLength = 12
/** Longest index that is read: one record of up to 18 bytes for each block of, usually, 24 MiB. */
const longestIndex = 4 * 1024 * 1024

/**
 * Bytes that an xz file unpacks to, from the index of each of its streams, which are found from the end ("The .xz File
 * Format", sections 2 to 4). Null where there is no following them: the file is damaged, or other data is around it.
 */
export function unpackedSize(bytes: Bytes): number | null {
  let [total, end] = [0, bytes.size]
  while (end > 0) {
    end = withoutPadding(bytes, end)
    const stream = readStream(bytes, end)
    if (stream === null) return null
    total += stream.size
    end = stream.start
  }
  return total
}

/** Zeros in fours, between streams or at the end. */
function withoutPadding(bytes: Bytes, end: number): number {
  let at = end
  while (at >= 4) {
    const piece = bytes.read(Math.max(0, at - 65_536), at)
    let left = piece.length
    while (left >= 4 && piece.readUInt32LE(left - 4) === 0) left -= 4
    at -= piece.length - left
    if (left >= 4) break
  }
  return at
}

function readStream(bytes: Bytes, end: number): { readonly size: number; readonly start: number } | null {
  const footer = bytes.read(end - footerLength, end)
  if (footer.length < footerLength || footer.toString('latin1', 10) !== 'YZ') return null
  if (footer.readUInt32LE(0) !== crc32(footer.subarray(4, 10))) return null
  const indexLength = (footer.readUInt32LE(4) + 1) * 4
  const indexStart = end - footerLength - indexLength
  if (indexLength > longestIndex || indexStart < footerLength) return null
  const index = readIndex(bytes.read(indexStart, indexStart + indexLength))
  if (index === null) return null
  const start = indexStart - index.packed - footerLength
  const magic = start < 0 ? '' : bytes.read(start, start + 6).toString('latin1')
  return magic === '\xfd7zXZ\0' ? { size: index.unpacked, start } : null
}

function readIndex(index: Buffer): { readonly packed: number; readonly unpacked: number } | null {
  if (index[0] !== 0 || index.readUInt32LE(index.length - 4) !== crc32(index.subarray(0, -4))) return null
  let at = 1
  const number = () => {
    let [value, weight, byte] = [0, 1, 0x80]
    for (; byte >= 0x80 && at < index.length; weight *= 128) {
      byte = index[at] ?? 0
      at += 1
      value += (byte & 0x7f) * weight
    }
    return value
  }
  let [packed, unpacked] = [0, 0]
  for (let left = number(); left > 0 && at < index.length; left -= 1) {
    packed += Math.ceil(number() / 4) * 4
    unpacked += number()
  }
  return { packed, unpacked }
}
