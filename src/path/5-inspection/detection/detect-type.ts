import type { DetectedType } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { compoundSignature } from './compound-file.ts'
import { compoundType } from './compound-type.ts'
import { named, signatureOf } from './signatures.ts'
import { textOf } from './text.ts'
import { textType } from './text-type.ts'
import { readEnds, readWithin } from './windows.ts'
import { zipType } from './zip-type.ts'

/** AppleDouble (RFC 1740 §5). */
const appleDouble = '00051607'
/** A local file header, or the end record of an archive without members. */
const zipStarts = new Set(['504b0304', '504b0506'])

/**
 * What the content of a file is, whatever it is called. Reads both ends and, in containers, their directory; the work is
 * bounded for any bytes. Rejects only where reading does.
 */
export async function detectType(content: Bytes): Promise<DetectedType> {
  if (content.size === 0) return { type: null, description: 'empty' }
  const ends = await readEnds(content)
  if (zipStarts.has(ends.head.toString('hex', 0, 4))) return zipType(content)
  if (ends.head.subarray(0, 8).equals(compoundSignature)) return compoundType(content)
  if (ends.head.toString('hex', 0, 4) === appleDouble) return named('appledouble')
  const signature = await signatureOf(ends.head)
  const text = textOf(ends)
  if (text !== null && !isTextual(signature)) return textType(text, ends.size)
  if (signature !== null) return signature
  return isDiskImage(content) ? named('iso') : { type: null, description: 'unknown data' }
}

/** A PDF may be all text. Any other binary signature at the beginning of a text is a coincidence or a trick. */
function isTextual(signature: DetectedType | null): boolean {
  return signature?.type === 'pdf'
}

/** ISO 9660 and UDF keep their descriptors at 32 KiB, past what signatures are looked for in. */
function isDiskImage(content: Bytes): boolean {
  const descriptor = readWithin(content, 32_769, 5)
  return /^(?:CD001|BEA01)$/.test(descriptor.toString('latin1'))
}
