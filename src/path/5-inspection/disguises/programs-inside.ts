import { crc32 } from 'node:zlib'

/** Processors in a PE header ([PE format], machine types) of desktops, servers and firmware. */
const machines = new Set([0x14c, 0x8664, 0xaa64, 0x1c0, 0x1c4, 0x200, 0xebc, 0xa641, 0x5032, 0x5064])

/** The header of a Windows program: signature, a processor, and an optional header of 32 or 64 bits. */
export function isPortableExecutable(window: Buffer, at: number): boolean {
  if (at + 26 > window.length || (window[at + 25] !== 0x01 && window[at + 25] !== 0x02)) return false
  return window[at + 24] === 0x0b && machines.has(window.readUInt16LE(at + 4))
}

/** The header of a Linux program: class, byte order and version one each, and a type of one to four. */
export function isElf(window: Buffer, at: number): boolean {
  if (window[at + 6] !== 1) return false
  return /^[\x01\x02]{2}\x01[^]{9}(?:[\x01-\x04]\0|\0[\x01-\x04])$/.test(window.toString('latin1', at + 4, at + 18))
}

/** Where the data of a PHP archive begins, which PHP looks for in files of any kind. */
export function isPhar(window: Buffer, at: number): boolean {
  return window[at + 6] === 0x5f && window.toString('latin1', at, at + 18) === '__HALT_COMPILER();'
}

/** RAR 5, or RAR 4 with its main header. */
export function isRar(window: Buffer, at: number): boolean {
  return window[at + 6] === 1 ? window[at + 7] === 0 : window[at + 6] === 0 && window[at + 9] === 0x73
}

/** A 7-Zip header whose checksum is right. */
export function isSevenZip(window: Buffer, at: number): boolean {
  if (at + 32 > window.length || window[at + 6] !== 0) return false
  return crc32(window.subarray(at + 12, at + 32)) === window.readUInt32LE(at + 8)
}
