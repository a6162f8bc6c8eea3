import type { Written } from './conflict.ts'
import type { Path } from './fault.ts'
import type { Position, Source } from './source.ts'
import { find, type Tree } from './tree.ts'

/** Where things stand in a configuration file, and what is written there; secrets are not told. */
export interface Places {
  /** Of the value, or of the nearest thing around where it would stand. */
  readonly position: (path: Path) => Position
  readonly written: Written
}

export function placesIn(tree: Tree, position: Source['position']): Places {
  return {
    position: (path) => position(find(tree, path).offset),
    written: (path) => {
      const found = find(tree, path)
      return found.tree?.kind === 'scalar' && found.tree.written !== null ? String(found.tree.written) : null
    },
  }
}
