import type { Attribute } from './tokens.ts'

/**
 * Whose element or attribute it is. `page`: XHTML, MathML and XUL, which browsers act on as on `svg`. `none`: of no
 * namespace. `unknown`: the prefix is not declared, or its declaration was not kept.
 */
export type Space = 'svg' | 'page' | 'xlink' | 'xslt' | 'xinclude' | 'other' | 'none' | 'unknown'

const spaces = new Map<string, Space>([
  ['', 'none'],
  ['http://www.w3.org/2000/svg', 'svg'],
  ['http://www.w3.org/1999/xlink', 'xlink'],
  ['http://www.w3.org/1999/xhtml', 'page'],
  ['http://www.w3.org/1998/Math/MathML', 'page'],
  ['http://www.mozilla.org/keymaster/gatekeeper/there.is.only.xul', 'page'],
  ['http://www.mozilla.org/xbl', 'page'],
  ['http://www.w3.org/1999/XSL/Transform', 'xslt'],
  ['http://www.w3.org/TR/WD-xsl', 'xslt'],
  ['http://www.w3.org/2001/XInclude', 'xinclude'],
  ['http://www.w3.org/2003/XInclude', 'xinclude'],
])

/** Declarations in scope, the nearest first (Namespaces in XML §6.1). */
export interface Scope {
  readonly prefix: string
  readonly space: Space
  readonly outer: Scope | null
  readonly size: number
}

/** Declarations in scope at a time; with more, what is not found is unknown. */
const mostDeclarations = 256

/** The scope of an element with these attributes; `resolve` puts in the document's own entities. */
export function scopeOf(
  outer: Scope | null,
  attributes: readonly Attribute[],
  resolve: (value: string) => string,
): Scope | null {
  let scope = outer
  for (const { name, value } of attributes) {
    const prefix = declaredPrefix(name)
    if (prefix === null || (scope?.size ?? 0) >= mostDeclarations) continue
    scope = { prefix, space: spaceOf(resolve(value)), outer: scope, size: (scope?.size ?? 0) + 1 }
  }
  return scope
}

export function spaceIn(scope: Scope | null, prefix: string): Space {
  for (let at = scope; at !== null; at = at.outer) if (at.prefix === prefix) return at.space
  if (prefix === 'xml') return 'other'
  return prefix === '' && (scope?.size ?? 0) < mostDeclarations ? 'none' : 'unknown'
}

function declaredPrefix(name: string): string | null {
  if (name === 'xmlns') return ''
  return name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : null
}

function spaceOf(uri: string): Space {
  return spaces.get(uri) ?? (uri.includes('&') ? 'unknown' : 'other')
}
