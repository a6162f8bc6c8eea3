import { fileType } from '../../file-types/catalogue.ts'
import type { DetectedType, FileContent } from '../types.ts'
import { compoundSignature } from './compound-file.ts'
import { compoundType } from './compound-type.ts'
import { named, signatureOf } from './signatures.ts'
import { textOf } from './text.ts'
import { textType } from './text-type.ts'
import { type Ends, readEnds, readWithin } from './windows.ts'
import { zipType } from './zip-type.ts'

/** A local file header, or the end record of an archive without members. */
const zipStarts = new Set(['504b0304', '504b0506'])

/**
 * What the content of a file is, whatever it is called. Reads both ends and, in containers, their directory; the work is
 * bounded for any bytes. Rejects only where reading does.
 */
export async function detectType(content: FileContent): Promise<DetectedType> {
  if (content.size === 0) return { type: null, description: 'empty' }
  const ends = await readEnds(content)
  if (zipStarts.has(ends.head.toString('hex', 0, 4))) return zipType(content)
  if (ends.head.subarray(0, 8).equals(compoundSignature)) return compoundType(content)
  const signature = await signatureOf(ends.head)
  const text = textOf(ends)
  if (text !== null && !isTextual(signature)) return textType(text, ends.size)
  if (signature !== null) return withCode(signature, ends)
  return (await isDiskImage(content)) ? named('iso') : { type: null, description: 'unknown data' }
}

/** A PDF may be all text. Any other binary signature at the beginning of a text is a coincidence or a trick. */
function isTextual(signature: DetectedType | null): boolean {
  return signature?.type === 'pdf'
}

/** Pictures, sound, film and PDF have no business with script: code in their metadata waits to be included or sniffed. */
function withCode(signature: DetectedType, { head, tail }: Ends): DetectedType {
  if (signature.type === null) return signature
  const { family } = fileType(signature.type)
  const code = codeIn(`${head.toString('latin1')}\n${tail.toString('latin1')}`, family === 'image')
  if (code === null || !(['image', 'audio', 'video'].includes(family) || signature.type === 'pdf')) return signature
  return { type: code === 'PHP' ? 'php' : 'html', description: `${signature.description} with ${code} code in it` }
}

function codeIn(bytes: string, scripts: boolean): 'PHP' | 'HTML' | null {
  if (/<\?php\s/i.test(bytes)) return 'PHP'
  return scripts && /<script[\s>]/i.test(bytes) ? 'HTML' : null
}

/** ISO 9660 and UDF keep their descriptors at 32 KiB, past what signatures are looked for in. */
async function isDiskImage(content: FileContent): Promise<boolean> {
  const descriptor = await readWithin(content, 32_769, 5)
  return /^(?:CD001|BEA01)$/.test(descriptor.toString('latin1'))
}
