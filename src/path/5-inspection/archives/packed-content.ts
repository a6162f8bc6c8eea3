import { memoryBytes } from '../bytes.ts'
import { type Decompress, unpack } from '../inflate.ts'
import type { Subject } from '../inspector.ts'

/**
 * Unpacks a file that is the packed form of one other, and inspects that under `nameOf()`, which is asked afterwards.
 * The packed bytes are held meanwhile. False where it was not inspected, noted as such unless a bound was passed.
 */
export async function inspectPacked(subject: Subject, decompress: Decompress, nameOf: () => string): Promise<boolean> {
  const { bytes, expansion } = subject
  if (bytes.size > expansion.room) return expansion.overflow(bytes.size)
  const packed = bytes.read(0, bytes.size)
  const content = await expansion.holding(packed.length, async () => unpack(packed, expansion, decompress))
  if (content === 'damaged') subject.uncovered('damaged', 'its data cannot be unpacked to the end')
  if (typeof content === 'string') return false
  return expansion.holding(content.length, () => subject.member(nameOf(), memoryBytes(content)))
}

const shortForms = new Map([
  ['tgz', 'tar'],
  ['tbz', 'tar'],
  ['tbz2', 'tar'],
  ['txz', 'tar'],
  ['tzst', 'tar'],
  ['svgz', 'svg'],
])

/** What `a.txt.gz` is unpacked as, and `a.tgz`. A name without such an extension stays as it is. */
export function unpackedName(name: string): string {
  const [, stem = '', extension = ''] = /^(.+)\.(gz|bz2|xz|zst|tgz|tbz2?|txz|tzst|svgz)$/i.exec(name) ?? []
  if (stem === '') return name
  const inner = shortForms.get(extension.toLowerCase())
  return inner === undefined ? stem : `${stem}.${inner}`
}

/** An error that `unpack` takes for a passed bound: what the decompressors of node:zlib throw past `maxOutputLength`. */
export function tooLong(): RangeError {
  return new RangeError('the output is longer than allowed')
}

/** Offset of the first byte that is not zero; the end where there is none. */
export function endOfZeros(data: Buffer, from: number): number {
  let at = from
  while (at < data.length && data[at] === 0) at += 1
  return at
}
