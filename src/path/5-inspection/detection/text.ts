import { isUtf8 } from 'node:buffer'
import type { Ends } from './ends.ts'

/** C0 controls other than tab, LF, FF and CR, and DEL: no text file has them. */
// oxlint-disable-next-line no-control-regex
const control = /[\0-\x08\x0B\x0E-\x1F\x7F]/

/** Bytes that windows-1252 leaves undefined. */
const undefinedBytes = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])

/**
 * The text of both ends of a file, or null where it is no text: UTF-8, UTF-16 with a byte order mark, or an
 * 8-bit charset (what Excel writes as CSV), without controls. The ends are joined by a line feed.
 */
export function textOf({ head, tail }: Ends): string | null {
  const text = decoderOf(head)(head, tail)
  return text === null || control.test(text) ? null : text
}

type Decode = (head: Buffer, tail: Buffer) => string | null

function decoderOf(head: Buffer): Decode {
  if (head[0] === 0xff && head[1] === 0xfe) return utf16('utf-16le')
  if (head[0] === 0xfe && head[1] === 0xff) return utf16('utf-16be')
  // A NUL decides at once, for most binary files, against decoding 64 KiB.
  return head.subarray(0, 1024).includes(0) ? () => null : utf8OrEightBit
}

function utf16(label: 'utf-16le' | 'utf-16be'): Decode {
  return (head, tail) => {
    if ((head.length + tail.length) % 2 !== 0) return null
    const decode = (bytes: Buffer): string => new TextDecoder(label).decode(bytes)
    return joined(decode(head), decode(tail))
  }
}

function utf8OrEightBit(head: Buffer, tail: Buffer): string | null {
  if (isUtf8(withoutCutEnd(head)) && isUtf8(withoutCutStart(tail))) {
    const bytes = head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? head.subarray(3) : head
    return joined(bytes.toString('utf8'), tail.toString('utf8'))
  }
  return isEightBit(head) && isEightBit(tail) ? joined(head.toString('latin1'), tail.toString('latin1')) : null
}

function joined(head: string, tail: string): string {
  return tail === '' ? head : `${head}\n${tail}`
}

/** Up to three bytes less, where the window ends in the middle of a character. */
function withoutCutEnd(bytes: Buffer): Buffer {
  const lead = bytes.subarray(-3).findLastIndex((byte) => byte >= 0xc0)
  return lead < 0 ? bytes : bytes.subarray(0, Math.max(bytes.length - 3, 0) + lead)
}

function withoutCutStart(bytes: Buffer): Buffer {
  const first = bytes.subarray(0, 4).findIndex((byte) => (byte & 0xc0) !== 0x80)
  return bytes.subarray(Math.max(first, 0))
}

/**
 * Mostly ASCII, with some letters beyond it; or letters of the upper half only, as in Cyrillic, Greek and Chinese
 * charsets, which Excel writes as CSV where they are the system's own.
 */
function isEightBit(bytes: Buffer): boolean {
  let high = 0
  let signs = 0
  for (const byte of bytes) {
    if (undefinedBytes.has(byte)) return false
    if (byte >= 0x80) high += 1
    if (byte >= 0x80 && byte <= 0xa0) signs += 1
  }
  return high * 3 <= bytes.length || (signs * 20 <= bytes.length && high < bytes.length)
}
