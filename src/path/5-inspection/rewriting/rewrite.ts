import type { FileTypeId } from '../../../file-types/catalogue.ts'
import type { Rewriting, Rewritten } from '../../types.ts'
import type { Bytes } from '../bytes.ts'

/** Larger files are not decoded or parsed as a whole, which needs several times their size in memory. */
const largestWhole = 64 * 1024 * 1024

const impossible: Rewritten = { kind: 'impossible' }

/** Rewrites a file of a known type. Each way is loaded when it is first needed: two of them bring large libraries. */
export async function rewrite(bytes: Bytes, type: FileTypeId, rewriting: Rewriting): Promise<Rewritten> {
  if (rewriting.how === 'strip') {
    const { stripMetadata } = await import('./strip-metadata.ts')
    const recipe = stripMetadata(bytes, type)
    if (recipe === 'none') return { kind: 'unchanged' }
    return recipe === 'impossible' ? impossible : { kind: 'recipe', recipe }
  }
  if (bytes.size > largestWhole) return impossible
  const written = await rewriteWhole(bytes.read(0, bytes.size), type, rewriting)
  return written === 'impossible' ? impossible : { kind: 'recipe', recipe: [{ literal: written }] }
}

async function rewriteWhole(
  input: Buffer,
  type: FileTypeId,
  rewriting: Exclude<Rewriting, { how: 'strip' }>,
): Promise<Buffer | 'impossible'> {
  if (rewriting.how === 'sanitise') {
    const { sanitiseSvg } = await import('./sanitise-svg.ts')
    return sanitiseSvg(input)
  }
  const { reencodeImage } = await import('./reencode-image.ts')
  return reencodeImage(input, type, rewriting)
}
