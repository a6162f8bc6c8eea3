import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml'
import { type Path, quote } from './fault.ts'
import { resolveSecrets, type Surroundings } from './secrets.ts'
import type { Entry, Tree } from './tree.ts'

/** A fault that still has an offset in place of line and column. */
export interface Defect {
  readonly offset: number
  readonly path: Path
  readonly found: string
  readonly expected: string
}

/** Values after aliases are followed: what stops a few lines from growing into gigabytes. */
const mostValues = 50_000
/** Also what stops an alias to something around itself. */
const deepest = 20

interface Reading {
  readonly surroundings: Surroundings
  readonly lineOf: (offset: number) => number
  readonly defects: Defect[]
  readonly anchors: Map<string, ParsedNode>
  values: number
  overgrown: boolean
}

/**
 * Follows aliases and resolves secrets. The defects are all that is wrong apart from the schema; the tree is null where
 * there is too much of it.
 */
export function readTree(
  contents: ParsedNode,
  surroundings: Surroundings,
  lineOf: (offset: number) => number,
): { readonly tree: Tree | null; readonly defects: readonly Defect[] } {
  const reading: Reading = { surroundings, lineOf, defects: [], anchors: new Map(), values: 0, overgrown: false }
  const tree = read(contents, [], reading)
  return { tree: reading.overgrown ? null : tree, defects: reading.defects }
}

function read(node: ParsedNode | null, path: Path, reading: Reading, offset = 0): Tree {
  const at = node === null ? offset : node.range[0]
  reading.values += 1
  if (reading.values > mostValues || path.length > deepest) return refuseGrowth(at, path, reading)
  if (node === null) return { kind: 'scalar', offset: at, written: null, value: null }
  if (isAlias(node)) return readAlias(node.source, at, path, reading)
  if (node.anchor !== undefined) reading.anchors.set(node.anchor, node)
  if (node.tag !== undefined) refuseTag(node.tag, at, path, reading)
  if (isMap(node)) return readMapping(node, path, reading)
  if (isSeq(node)) {
    const items = node.items.map((item, index) => read(item, [...path, index], reading, at))
    return { kind: 'list', offset: at, items }
  }
  return readScalar(node, path, reading)
}

/** Told once: what an alias multiplies is too much in many places. */
function refuseGrowth(offset: number, path: Path, reading: Reading): Tree {
  const found = path.length > deepest ? `more than ${deepest} levels` : `more than ${mostValues} values`
  if (!reading.overgrown) {
    reading.defects.push({ offset, path: [], found: `${found}, aliases included`, expected: 'fewer' })
  }
  reading.overgrown = true
  return { kind: 'scalar', offset, written: null, value: null }
}

function readAlias(name: string, offset: number, path: Path, reading: Reading): Tree {
  const target = reading.anchors.get(name)
  if (target !== undefined) return read(target, path, reading)
  reading.defects.push({
    offset,
    path,
    found: quote(`*${name}`),
    expected: `quotes around it, or a value marked &${name} further up`,
  })
  return { kind: 'scalar', offset, written: null, value: null }
}

function refuseTag(tag: string, offset: number, path: Path, reading: Reading): void {
  const expected = 'a value without a tag; quotes make it a text'
  reading.defects.push({ offset, path, found: `the tag ${quote(tag.replace('tag:yaml.org,2002:', '!!'))}`, expected })
}

function readMapping(node: YAMLMap.Parsed, path: Path, reading: Reading): Tree {
  const entries = new Map<string, Entry>()
  for (const { key, value } of node.items) {
    const keyOffset = key.range[0]
    const name = isScalar(key) ? String(key.value) : ''
    const earlier = entries.get(name)
    const tree = read(value, [...path, name], reading, keyOffset)
    if (earlier !== undefined || !isScalar(key) || name === '__proto__') {
      const expected = earlier === undefined ? 'a plain name as key' : 'each key once'
      const found = earlier === undefined ? 'a key that is no plain name' : again(name, earlier, reading)
      reading.defects.push({ offset: keyOffset, path, found, expected })
    } else entries.set(name, { keyOffset, tree })
  }
  return { kind: 'mapping', offset: node.range[0], entries }
}

function again(name: string, { keyOffset }: Entry, reading: Reading): string {
  return `${quote(name)} again (first on line ${reading.lineOf(keyOffset)})`
}

function readScalar(node: Scalar.Parsed, path: Path, reading: Reading): Tree {
  const offset = node.range[0]
  const written = plain(node.value, node.source)
  if (typeof written !== 'string') return { kind: 'scalar', offset, written, value: written }
  const resolved = resolveSecrets(written, reading.surroundings)
  if ('value' in resolved) return { kind: 'scalar', offset, written, value: resolved.value }
  reading.defects.push({ offset, path, ...resolved })
  return { kind: 'scalar', offset, written, value: written }
}

/** The core schema has no other values; whatever else a tag makes is its text. */
function plain(value: unknown, source: string): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : source
}
