import type { Recipe, RecipePiece } from '../../types.ts'
import type { Bytes } from '../bytes.ts'

/** Bytes of the new content. */
export function recipeSize(recipe: Recipe): number {
  return recipe.reduce((sum, piece) => sum + lengthOf(piece), 0)
}

function lengthOf(piece: RecipePiece): number {
  return 'literal' in piece ? piece.literal.length : piece.end - piece.start
}

/** Fresh bytes for a range, or the range itself where they are the same. */
export function replaced(bytes: Bytes, start: number, end: number, fresh: Buffer): RecipePiece {
  return bytes.read(start, end).equals(fresh) ? { start, end } : { literal: fresh }
}

const zeroBlock = new Uint8Array(64 * 1024)

/** Zeros, out of one shared block, so that any number of them costs no memory. */
export function* zeros(length: number): Generator<RecipePiece> {
  for (let left = length; left > 0; left -= zeroBlock.length) {
    yield { literal: zeroBlock.subarray(0, Math.min(left, zeroBlock.length)) }
  }
}

/** Pieces of a recipe: past any real file's, whose metadata stands in a few places. */
const mostPieces = 50_000

/**
 * The pieces within a file of `size` bytes, neighbours joined; `none` where they come to the file as it is, `impossible`
 * where they are too many to be kept. Literals get memory of their own, because what leaves the thread is copied with all of the memory that it is part of.
 */
export function finished(pieces: Iterable<RecipePiece>, size: number): Recipe | 'none' | 'impossible' {
  const recipe: RecipePiece[] = []
  for (const piece of pieces) {
    const last = recipe.at(-1)
    if (recipe.length > mostPieces) return 'impossible'
    if ('literal' in piece) {
      if (piece.literal.length > 0)
        recipe.push(piece.literal.buffer === zeroBlock.buffer ? piece : owned(piece.literal))
      continue
    }
    const { start, end } = { start: piece.start, end: Math.min(piece.end, size) }
    if (end <= start) continue
    if (last && 'end' in last && last.end === start) recipe[recipe.length - 1] = { start: last.start, end }
    else recipe.push({ start, end })
  }
  const [only] = recipe
  return recipe.length === 1 && only && 'end' in only && only.start === 0 && only.end === size ? 'none' : recipe
}

function owned(literal: Uint8Array): RecipePiece {
  return { literal: Uint8Array.from(literal) }
}
