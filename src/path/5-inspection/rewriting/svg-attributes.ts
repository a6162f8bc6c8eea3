import type { ElementAttribute } from '../markup/element.ts'
import { linkKind } from '../markup/links.ts'
import { svgAttributes } from './svg-names.ts'
import { cleanStyles } from './svg-styles.ts'

/** Data that is a picture without code of its own; Illustrator 10 does not say which. */
const raster = /^\s*data:(?:image\/(?:png|jpe?g|gif|webp|avif|bmp)[;,]|;base64,(?:iVBORw0KGgo|\/9j\/|R0lGOD))/i
const pictures = new Set(['image', 'feImage'])
const animated = new Set(['from', 'to', 'by', 'values'])
/** What an animation may not change. */
const guarded = /^(?:on|(?:[\w-]+:)?href$|style$|class$)/i

/** What ends a comment, a CDATA section or a raw text, for programs that paste a drawing into one. */
const breaking = /--!?>|\]>|<\/(?:style|script|title|xmp|textarea|noscript|iframe|noembed|noframes)/i

/** The name and value to write for an attribute of an element, or null where it is left out. */
export function cleanAttribute(element: string, attribute: ElementAttribute): [name: string, value: string] | null {
  const name = nameOf(attribute)
  if (name === null || !attribute.whole || breaking.test(attribute.value)) return null
  const value = valueOf(element, name, attribute.value)
  return value === null ? null : [name, value]
}

/** XLink and XML are the only namespaces whose attributes mean something to a drawing. */
function nameOf({ name, prefix, space }: ElementAttribute): string | null {
  if (prefix === '') return svgAttributes.has(name) || /^(?:aria|data)-[a-z][a-z0-9-]{0,60}$/.test(name) ? name : null
  if (space === 'xlink' && name.endsWith(':href')) return 'xlink:href'
  return name === 'xml:space' || name === 'xml:lang' ? name : null
}

function valueOf(element: string, name: string, value: string): string | null {
  if (name === 'href' || name === 'xlink:href') return isHarmlessLink(element, value) ? value.trim() : null
  if (name === 'style') return nonEmpty(cleanStyles(value))
  if (name === 'attributeName') return guarded.test(value.trim()) ? null : value
  if (/[(\\@]/.test(value) && !/^[\w\s.,+()-]*$/.test(value)) return nonEmpty(cleanStyles(value))
  return animated.has(name) && value.split(';').some((item) => linkKind(item) === 'code') ? null : value
}

/** Links may leave the file where a person follows them; all else stays within. */
function isHarmlessLink(element: string, value: string): boolean {
  if (/^\s*#/.test(value)) return true
  if (pictures.has(element)) return raster.test(value)
  return element === 'a' && /^\s*(?:https?:\/\/|mailto:|tel:)/i.test(value) && linkKind(value) !== 'code'
}

function nonEmpty(text: string): string | null {
  return text.trim() === '' ? null : text
}
