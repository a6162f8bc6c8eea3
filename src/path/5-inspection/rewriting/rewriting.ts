export type { Recipe, RecipePiece, Rewriting, Rewritten } from '../../types.ts'
