import type { Path } from './fault.ts'

/** A YAML value with its place in the file. Offsets count UTF-16 units from 0. */
export type Tree = Scalar | Mapping | List

export interface Scalar {
  readonly kind: 'scalar'
  readonly offset: number
  /** As written, references to secrets included: the only form that messages may show. */
  readonly written: string | number | boolean | null
  /** With the secrets in place. */
  readonly value: string | number | boolean | null
}

export interface Mapping {
  readonly kind: 'mapping'
  readonly offset: number
  readonly entries: ReadonlyMap<string, Entry>
}

export interface Entry {
  readonly keyOffset: number
  readonly tree: Tree
}

export interface List {
  readonly kind: 'list'
  readonly offset: number
  readonly items: readonly Tree[]
}

/** Plain data for the schema; objects inherit nothing. */
export function toData(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value
  if (tree.kind === 'list') return tree.items.map(toData)
  const data: Record<string, unknown> = { __proto__: null }
  for (const [key, { tree: value }] of tree.entries) data[key] = toData(value)
  return data
}

/** What is at a path: the value where there is one, and the offset of it or of the nearest thing around it. */
export interface Place {
  readonly tree: Tree | null
  readonly offset: number
}

export function find(root: Tree, path: Path): Place {
  let place: Place = { tree: root, offset: root.offset }
  for (const step of path) {
    const next = place.tree === null ? null : enter(place.tree, step)
    place = next ?? { tree: null, offset: place.offset }
  }
  return place
}

/** Where the key at the end of a path stands. */
export function findKey(root: Tree, path: Path): Place {
  const parent = find(root, path.slice(0, -1))
  const entry = parent.tree?.kind === 'mapping' ? parent.tree.entries.get(String(path.at(-1))) : undefined
  return entry === undefined ? { tree: null, offset: parent.offset } : { tree: entry.tree, offset: entry.keyOffset }
}

function enter(tree: Tree, step: string | number): Place | null {
  if (tree.kind === 'list') {
    const item = typeof step === 'number' ? tree.items[step] : undefined
    return item === undefined ? null : { tree: item, offset: item.offset }
  }
  const entry = tree.kind === 'mapping' ? tree.entries.get(String(step)) : undefined
  // An indented block starts far from its name: people look for the name.
  return entry === undefined
    ? null
    : { tree: entry.tree, offset: entry.tree.kind === 'scalar' ? entry.tree.offset : entry.keyOffset }
}
