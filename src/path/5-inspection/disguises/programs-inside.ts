import { crc32 } from 'node:zlib'

/** Processors in a PE header ([PE format], machine types) of desktops, servers and firmware. */
const machines = new Set([0x14c, 0x8664, 0xaa64, 0x1c0, 0x1c4, 0x200, 0xebc, 0xa641, 0x5032, 0x5064])

/** The header of a Windows program: signature, a processor, and an optional header of 32 or 64 bits. */
export function isPortableExecutable(from: Buffer): boolean {
  return from.length >= 26 && machines.has(from.readUInt16LE(4)) && [0x10b, 0x20b].includes(from.readUInt16LE(24))
}

/** The header of a Linux program: class, byte order and version one each, and a type of one to four. */
export function isElf(from: Buffer): boolean {
  const start = from.toString('latin1', 0, 18)
  return /^\x7fELF[\x01\x02][\x01\x02]\x01[^]{9}(?:[\x01-\x04]\0|\0[\x01-\x04])$/.test(start)
}

/** Where the data of a PHP archive begins, which PHP looks for in files of any kind. */
export function isPhar(from: Buffer): boolean {
  return from.toString('latin1', 0, 18) === '__HALT_COMPILER();'
}

/** RAR 5, or RAR 4 with its main header. */
export function isRar(from: Buffer): boolean {
  return /^Rar!\x1a\x07(?:\x01\0|\0[^]{2}\x73)/.test(from.toString('latin1', 0, 10))
}

/** A 7-Zip header whose checksum is right. */
export function isSevenZip(from: Buffer): boolean {
  return from.length >= 32 && crc32(from.subarray(12, 32)) === from.readUInt32LE(8)
}
