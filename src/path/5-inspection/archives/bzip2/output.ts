import { tooLong } from '../packed-content.ts'

const chunkSize = 256 * 1024

/** CRC-32 with the highest bit first, as bzip2 has it. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})

/** Collects unpacked bytes, at most `most`. */
export interface Output {
  /** The checksum of what was written since it was asked last. */
  takeChecksum(): number
  write(byte: number, times: number): void
  finish(): Buffer
}

export function output(most: number): Output {
  const full: Buffer[] = []
  let chunk = Buffer.allocUnsafe(chunkSize)
  let used = 0
  let room = most
  let crc = 0xffffffff
  return {
    takeChecksum() {
      const checksum = ~crc >>> 0
      crc = 0xffffffff
      return checksum
    },
    write(byte, times) {
      room -= times
      if (room < 0) throw tooLong()
      for (let left = times; left > 0; left -= 1) {
        crc = (crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 0xff] ?? 0)
        if (used === chunkSize) {
          full.push(chunk)
          chunk = Buffer.allocUnsafe(chunkSize)
          used = 0
        }
        chunk[used] = byte
        used += 1
      }
    },
    finish: () => Buffer.concat([...full, chunk.subarray(0, used)]),
  }
}
