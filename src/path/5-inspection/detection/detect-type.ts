import { fileType } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import { beginsAsZip } from '../archives/zip/signature.ts'
import type { Bytes } from '../bytes.ts'
import { compoundSignature } from '../documents/compound-file.ts'
import { compoundType } from './compound-type.ts'
import { type Ends, readEnds } from './ends.ts'
import { endOfTags } from './id3.ts'
import { named, sampleLength, signatureOf } from './signatures.ts'
import { textOf } from './text.ts'
import { textType } from './text-type.ts'
import { unsignedType } from './unsigned-type.ts'
import { zipType } from './zip-type.ts'

/**
 * What the content of a file is, whatever it is called. Reads both ends and, in containers, their directory; the work is
 * bounded for any bytes. Rejects only where reading does.
 */
export async function detectType(content: Bytes): Promise<DetectedType> {
  if (content.size === 0) return { type: null, description: 'empty' }
  const ends = readEnds(content)
  if (beginsAsZip(content)) return zipType(content)
  if (ends.head.subarray(0, 8).equals(compoundSignature)) return compoundType(content)
  const text = isPdf(ends.head) ? null : textOf(ends)
  if (text !== null) return textType(text, ends.size)
  return (await taggedSignature(content, ends)) ?? unsignedType(content, ends)
}

/** A PDF may be all text. Any other binary signature at the beginning of a text is a coincidence or a trick. */
function isPdf(head: Buffer): boolean {
  return /^(?:\xef\xbb\xbf)?%PDF/.test(head.toString('latin1', 0, 7))
}

/** Behind tags of sound there is sound, or else it is an MP3 file with something else in it. */
async function taggedSignature(content: Bytes, { head }: Ends): Promise<DetectedType | null> {
  if (head.toString('latin1', 0, 3) !== 'ID3') return signatureOf(head)
  const end = endOfTags(content)
  if (end === 0) return null
  const tagged = await signatureOf(content.read(end, end + sampleLength))
  const type = tagged?.type ?? null
  return named(type !== null && fileType(type).family === 'audio' ? type : 'mp3')
}
