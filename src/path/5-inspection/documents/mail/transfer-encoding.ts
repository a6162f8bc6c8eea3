import { type Bytes, pieces } from '../../bytes.ts'
import { hexDigit } from '../hex-digit.ts'

/** What base64 stands for (RFC 2045, §6.8); null where it has other characters, or padding in its middle. */
export function fromBase64(bytes: Bytes): Buffer | null {
  const decoded: Buffer[] = []
  let carried = ''
  for (const [, piece] of pieces(bytes)) {
    const text = carried + piece.toString('latin1').replace(/\s+/g, '')
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
    const whole = text.includes('=') ? 0 : text.length - (text.length % 4)
    decoded.push(Buffer.from(text.slice(0, whole), 'base64'))
    carried = text.slice(whole)
  }
  decoded.push(Buffer.from(carried, 'base64'))
  return Buffer.concat(decoded)
}

const [equals, lineFeed, carriageReturn] = [0x3d, 0x0a, 0x0d]

/** What quoted-printable stands for (RFC 2045, §6.7); what is none of it stays as it is. */
export function fromQuotedPrintable(input: Buffer): Buffer {
  const output = Buffer.allocUnsafe(input.length)
  let length = 0
  for (let at = 0; at < input.length; at += 1) {
    const byte = input[at] ?? 0
    if (byte === equals) {
      const high = hexDigit(input[at + 1] ?? 0)
      const low = hexDigit(input[at + 2] ?? 0)
      const end = high < 0 ? endOfLine(input, at + 1) : 0
      if (high >= 0 && low >= 0) {
        output[length] = high * 16 + low
        length += 1
        at += 2
        continue
      }
      if (end > 0) {
        at = end - 1
        continue
      }
    }
    output[length] = byte
    length += 1
  }
  return output.subarray(0, length)
}

/** Offset after a line break, before which there may be spaces; 0 where there is none. */
function endOfLine(input: Buffer, from: number): number {
  let at = from
  while (at - from < 80 && (input[at] === 0x20 || input[at] === 0x09)) at += 1
  if (input[at] === carriageReturn) at += 1
  return input[at] === lineFeed ? at + 1 : 0
}
