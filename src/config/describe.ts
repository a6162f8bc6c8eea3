import { type Path, quote } from './fault.ts'
import type { Tree } from './tree.ts'

/** Keys whose literal values are secrets as well. */
const secretKeys: ReadonlySet<string | number> = new Set([
  'token',
  'encrypt',
  'previousKeys',
  'accessKey',
  'secretKey',
  'redis',
])

/** What messages say was found at a path: never a resolved secret, only what is written in the file. */
export function describe(tree: Tree | null, path: Path): string {
  if (tree === null) return 'nothing'
  if (tree.kind === 'list') return tree.items.length === 0 ? 'an empty list' : `a list of ${tree.items.length}`
  if (tree.kind === 'mapping') return tree.entries.size === 0 ? 'an empty mapping' : 'a mapping'
  const { written } = tree
  if (written === null) return 'nothing'
  if (typeof written !== 'string') return String(written)
  const hidden = isSecret(path) && !written.includes('${') && !isHarmless(written, path)
  return hidden ? `a text of ${written.length} characters` : quote(written)
}

/** What is an address and nothing else; a password would stand before an @, or in a query. */
const plainAddress = /^([a-z]{1,10}:?\/\/)?(localhost|[A-Za-z0-9-]+[.:][A-Za-z0-9.:-]*)(:[0-9]{1,5})?(\/[0-9]*)?$/

function isHarmless(written: string, path: Path): boolean {
  return path.at(-1) === 'redis' && plainAddress.test(written)
}

function isSecret(path: Path): boolean {
  const [outer, last] = path.slice(-2)
  const isKey = (last === 'key' && outer === 'sign') || (last === 'keys' && outer === 'tokens')
  return isKey || path.some((step) => secretKeys.has(step))
}
