import type { Rewriting } from '../../types.ts'

/** Packages that a way of rewriting needs and that an installation may lack. */
const packages: { readonly [How in Rewriting['how']]?: string } = { reencode: 'sharp' }

/** Whether what rewriting in this way needs is installed. Looks for it without loading it. */
export function canRewrite(how: Rewriting['how']): boolean {
  const name = packages[how]
  if (name === undefined) return true
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}
