import { attributesOf } from '../xml/attributes.ts'
import { scanXml } from '../xml/scan.ts'

/** A reference from a part of an Open Packaging package, or from the package itself (ECMA-376-2 §9.3). */
export interface Relationship {
  /** Last segment of the type's URI, lower case: "oleobject", "hyperlink"; transitional and strict types end alike. */
  readonly kind: string
  readonly target: string
  readonly external: boolean
}

/** The relationships of a part "…/_rels/NAME.rels"; the second is what is wrong with it, or null. */
export function readRelationships(text: string): [relationships: Relationship[], defect: string | null] {
  const relationships: Relationship[] = []
  const defect = scanXml(text, {
    open: (name, raw) => {
      if (name === 'Relationship') relationships.push(relationshipOf(new Map(attributesOf(raw))))
    },
  })
  return [relationships, defect]
}

export function relationshipOf(attributes: ReadonlyMap<string, string>): Relationship {
  const target = attributes.get('Target') ?? ''
  const segments = (attributes.get('Type') ?? '').split('/').filter((segment) => segment !== '')
  return {
    kind: segments.at(-1)?.trim().toLowerCase() ?? '',
    target,
    // A target with a scheme is no part, whatever its mode says.
    external: /^external$/i.test(attributes.get('TargetMode')?.trim() ?? '') || /^[a-z][a-z0-9+.-]+:/i.test(target),
  }
}

/** The part that an internal target names, as `partKey` has it; null where it leads out of the package. */
export function resolveTarget(relsName: string, target: string): string | null {
  const folders = relsName.replaceAll('\\', '/').split('/').slice(0, -2)
  const path = target.replace(/[?#].*$/s, '').replaceAll('\\', '/')
  const resolved = path.startsWith('/') ? [] : folders
  for (const segment of path.split('/')) {
    if (segment === '..' && resolved.pop() === undefined) return null
    if (segment !== '' && segment !== '.' && segment !== '..') resolved.push(segment)
  }
  return partKey(resolved.join('/'))
}

/** Part names are equal without regard to case (ECMA-376-2 §9.1.1.3). */
export function partKey(name: string): string {
  const plain = name.replaceAll('\\', '/').replace(/^\/+/, '')
  return plain
    .replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .toLowerCase()
}
