const clear = 256
const endOfData = 257
const longestCode = 12

/** A run of LZW could give 4096 bytes for 12 bits; no more than this is given. */
export interface LzwOptions {
  /** 1: codes grow one early, as TIFF has it and PDF by default (ISO 32000-2 §7.4.4). */
  readonly early: 0 | 1
  readonly maxOutputLength: number
}

/**
 * Decodes LZW as PDF has it. Ends without complaint where the data ends or goes wrong, as readers do. Throws a RangeError
 * where the output would be longer than `maxOutputLength`.
 */
export function decodeLzw(packed: Buffer, { early, maxOutputLength }: LzwOptions): Buffer {
  const prefix = new Uint16Array(4096)
  const suffix = new Uint8Array(4096)
  const lengths = new Uint16Array(4096).fill(1)
  for (let byte = 0; byte < 256; byte++) suffix[byte] = byte
  let output: Buffer = Buffer.allocUnsafe(Math.min(maxOutputLength, Math.max(1024, packed.length * 4)))
  let [at, width, next, previous] = [0, 9, 258, -1]
  for (const code of codes(packed, () => width)) {
    if (code === endOfData) break
    if (code === clear) {
      ;[width, next, previous] = [9, 258, -1]
      continue
    }
    if (code > next || (code === next && previous < 0)) break
    const source = code < next ? code : previous
    const length = (lengths[source] as number) + (code === next ? 1 : 0)
    if (at + length > output.length) output = grown(output, at + length, maxOutputLength)
    let first = source
    for (let end = at + (lengths[source] as number); end-- > at; first = prefix[first] as number)
      output[end] = suffix[first] as number
    const head = output[at] as number
    if (code === next) output[at + length - 1] = head
    at += length
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous
      suffix[next] = head
      lengths[next] = (lengths[previous] as number) + 1
      next++
    }
    previous = code
    if (next + early >= 2 ** width && width < longestCode) width++
  }
  return output.subarray(0, at)
}

/** The codes in their order, of as many bits each as `width` says by then; the highest bit comes first. */
function* codes(packed: Buffer, width: () => number): Generator<number> {
  let [bits, held] = [0, 0]
  for (const byte of packed) {
    bits = ((bits << 8) | byte) & 0xffffff
    held += 8
    const size = width()
    if (held < size) continue
    held -= size
    yield (bits >> held) & (2 ** size - 1)
  }
}

function grown(output: Buffer, needed: number, most: number): Buffer {
  if (needed > most) throw new RangeError('LZW data unpacks to too much')
  const larger = Buffer.allocUnsafe(Math.min(most, Math.max(needed, output.length * 2)))
  output.copy(larger)
  return larger
}
