import type { HeldContent, Recipe, RecipePiece } from '../types.ts'

/** Content made of ranges of other content and of fresh bytes; nothing that stays is copied. */
export function editedContent(original: HeldContent, recipe: Recipe): HeldContent {
  const size = recipe.reduce((sum, piece) => sum + sizeOf(piece), 0)
  return {
    size,
    read: async (start, end) =>
      Buffer.concat(await Promise.all(cut(recipe, start, end).map((piece) => readPiece(original, piece)))),
    views: () => (original.views() === null ? null : views(original, recipe)),
    chunks: () => chunks(original, recipe),
    slice: (start, end) => editedContent(original, cut(recipe, start, end)),
  }
}

function sizeOf(piece: RecipePiece): number {
  return 'literal' in piece ? piece.literal.length : piece.end - piece.start
}

/** The recipe of a range of what a recipe makes. */
function cut(recipe: Recipe, start: number, end: number): Recipe {
  const pieces: RecipePiece[] = []
  let at = 0
  for (const piece of recipe) {
    const from = Math.max(start - at, 0)
    const to = Math.min(end - at, sizeOf(piece))
    at += sizeOf(piece)
    if (from >= to) continue
    if ('literal' in piece) pieces.push({ literal: piece.literal.subarray(from, to) })
    else pieces.push({ start: piece.start + from, end: piece.start + to })
  }
  return pieces
}

async function readPiece(original: HeldContent, piece: RecipePiece): Promise<Buffer> {
  return 'literal' in piece ? asBuffer(piece.literal) : original.read(piece.start, piece.end)
}

function* views(original: HeldContent, recipe: Recipe): Generator<Buffer> {
  for (const piece of recipe) {
    if ('literal' in piece) yield asBuffer(piece.literal)
    else yield* original.slice(piece.start, piece.end).views() ?? []
  }
}

async function* chunks(original: HeldContent, recipe: Recipe): AsyncGenerator<Buffer> {
  for (const piece of recipe) {
    if ('literal' in piece) yield asBuffer(piece.literal)
    else yield* original.slice(piece.start, piece.end).chunks()
  }
}

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
