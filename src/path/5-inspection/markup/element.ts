import { type Scope, type Space, spaceIn } from './namespaces.ts'
import type { Attribute } from './tokens.ts'

/** What a policy's author calls the file: where scripts and pictures run depends on it. */
export type MarkupKind = 'svg' | 'html' | 'xml'

/** A start tag as its reader understands it. */
export interface Element {
  /** As it is written. */
  readonly name: string
  /** Lower case, without a prefix where prefixes mean something. */
  readonly local: string
  readonly space: Space
  readonly attributes: readonly ElementAttribute[]
}

export interface ElementAttribute extends Attribute {
  /** Lower case, without a prefix: `xlink:href` is `href`. */
  readonly local: string
  readonly prefix: string
  readonly space: Space
}

/** HTML has no prefixes of elements, yet xlink:href works there. */
export function htmlElement(name: string, attributes: readonly Attribute[]): Element {
  const local = name.toLowerCase()
  const known = attributes.map((attribute) => {
    const [prefix, rest] = split(attribute.name.toLowerCase())
    const linked = prefix === 'xlink' || prefix === 'xml'
    return {
      ...attribute,
      local: linked ? rest : attribute.name.toLowerCase(),
      prefix: linked ? prefix : '',
      space: 'none' as const,
    }
  })
  return { name, local, space: 'page', attributes: known }
}

export function xmlElement(name: string, attributes: readonly Attribute[], scope: Scope | null): Element {
  const [prefix, local] = split(name)
  const known = attributes.map((attribute) => {
    const [own, rest] = split(attribute.name)
    return {
      ...attribute,
      local: rest.toLowerCase(),
      prefix: own,
      space: own === '' ? ('none' as const) : spaceIn(scope, own),
    }
  })
  return { name, local: local.toLowerCase(), space: spaceIn(scope, prefix), attributes: known }
}

function split(name: string): [prefix: string, local: string] {
  const colon = name.indexOf(':')
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)]
}

export function valueOf(element: Element, local: string): string | undefined {
  return element.attributes.find((attribute) => attribute.local === local)?.value
}
