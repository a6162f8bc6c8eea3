import type { Bytes } from '../bytes.ts'
import { type GifBlock, gifBlocks, isNeeded } from '../images/gif-blocks.ts'
import type { RecipePiece } from './rewriting.ts'

export function* stripGif(bytes: Bytes): Generator<RecipePiece> {
  // A control block is about the picture or the text behind it, and must not come to be about the next one.
  let control: GifBlock | null = null
  for (const block of gifBlocks(bytes)) {
    if (block.kind === 'control') control = block
    else if (block.kind === 'text') control = null
    else if (isNeeded(bytes, block)) {
      if (control !== null && block.kind === 'image') yield control
      if (block.kind === 'image') control = null
      yield { start: block.start, end: block.end }
    }
  }
}
