import type { RecipePiece } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { gifBlocks, isNeeded } from '../images/gif-blocks.ts'

/** A control block stays, also one that was about a text that goes: decoders show no texts and apply it to the next picture. */
export function* stripGif(bytes: Bytes): Generator<RecipePiece> {
  for (const block of gifBlocks(bytes)) if (isNeeded(bytes, block)) yield { start: block.start, end: block.end }
}
