import { hexDigit } from '../../hex-digit.ts'

/** ASCIIHexDecode (ISO 32000-2 §7.4.2); what is no digit is passed over, as readers do. */
export function decodeAsciiHex(packed: Buffer): Buffer {
  const output = Buffer.allocUnsafe(Math.ceil(packed.length / 2))
  let [length, high] = [0, -1]
  for (const byte of packed) {
    if (byte === 0x3e) break
    const digit = hexDigit(byte)
    if (digit < 0) continue
    if (high >= 0) output[length++] = high * 16 + digit
    high = high < 0 ? digit : -1
  }
  if (high >= 0) output[length++] = high * 16
  return output.subarray(0, length)
}

/** ASCII85Decode (§7.4.3), with or without the `<~` that other programs begin it with. */
export function decodeAscii85(packed: Buffer): Buffer {
  const output = Buffer.allocUnsafe(packed.length * 4)
  let [length, value, digits] = [0, 0, 0]
  const put = (count: number): void => {
    for (let shift = 24; count-- > 0; shift -= 8) output[length++] = Math.floor(value / 2 ** shift) & 0xff
    value = digits = 0
  }
  const begin = packed.subarray(0, 64).indexOf('<~') + 1
  for (const byte of packed.subarray(begin === 0 ? 0 : begin + 1)) {
    if (byte === 0x7e) break
    if (byte === 0x7a && digits === 0) put(4)
    if (byte < 0x21 || byte > 0x75) continue
    value = value * 85 + byte - 0x21
    if (++digits === 5) put(4)
  }
  if (digits > 1) {
    const count = digits - 1
    for (let missing = digits; missing < 5; missing++) value = value * 85 + 84
    put(count)
  }
  return output.subarray(0, length)
}

/** RunLengthDecode (§7.4.5). Throws a RangeError where the output would be longer than `maxOutputLength`. */
export function decodeRunLength(packed: Buffer, maxOutputLength: number): Buffer {
  const runs: Buffer[] = []
  let total = 0
  for (let at = 0; at < packed.length; ) {
    const length = packed[at] as number
    if (length === 128) break
    const run =
      length < 128 ? packed.subarray(at + 1, at + 2 + length) : Buffer.alloc(257 - length, packed[at + 1] ?? 0)
    at += length < 128 ? length + 2 : 2
    total += run.length
    if (total > maxOutputLength) throw new RangeError('run-length data unpacks to too much')
    runs.push(run)
  }
  return Buffer.concat(runs)
}
