import { shown } from '../shown.ts'
import { type Element, type ElementAttribute, type MarkupKind, valueOf } from './element.ts'
import type { Findings, Note } from './findings.ts'
import { isLink, judgeLinks } from './judge-links.ts'
import { readStyles } from './styles.ts'

/** Elements that are code, or load a program, whatever they point to. */
const programs = new Set(['script', 'handler', 'applet', 'hta:application'])
/** Elements that show another document with all that it does. */
const frames = new Set(['iframe', 'frame', 'object', 'embed', 'portal', 'fencedframe'])

/** Words with which attributes that handle nothing begin alike. */
const noHandlers = new Set(['once', 'only', 'onto', 'ones'])
const handler = /^on[a-z]{2,}$/

/** Notes what an element does when the file is opened. */
export function judgeElement(element: Element, kind: MarkupKind, { note, excess }: Findings): void {
  const { local, space } = element
  if (space === 'xslt') note('file.markup.script', `${tagOf(element)} is part of an XSLT program`)
  if (space === 'xinclude') judgeInclusion(element, kind, note)
  if (!actsOn(element, kind)) return judgeForeign(element, note)
  if (programs.has(local)) note('file.markup.script', `it has the element ${tagOf(element)}`)
  judgeHandlers(element, note)
  if (kind === 'svg' && space === 'other') return
  if (kind === 'svg' && frames.has(local))
    note('file.markup.script', `it embeds a document by the element ${tagOf(element)}`)
  judgeLinks(element, kind, note)
  if (element.attributes.some(isCut)) excess('an attribute of more than 256 KiB')
  for (const attribute of element.attributes) judgeStyle(attribute, kind, note)
}

/**
 * Browsers act on elements of their own namespaces. In an SVG that is written into a page, namespaces do not count at
 * all, and one without any is still drawn.
 */
function actsOn({ space }: Element, kind: MarkupKind): boolean {
  return kind === 'svg' || space === 'svg' || space === 'page' || space === 'unknown'
}

/** XML of other namespaces does nothing in a browser, unless it is transformed or linked. */
function judgeForeign(element: Element, note: Note): void {
  const transformed = element.attributes.find((attribute) => attribute.space === 'xslt')
  if (transformed !== undefined) note('file.markup.script', `${shown(transformed.name)} makes it an XSLT program`)
  const linked = element.attributes.filter(({ local, prefix }) => local === 'href' && prefix !== '')
  if (linked.length > 0) judgeLinks({ ...element, local: 'a', attributes: linked }, 'xml', note)
}

/** Path data and data: addresses may be long; what is judged to its end may not. */
function isCut({ local, value, whole }: ElementAttribute): boolean {
  return !whole && (local === 'style' || local === 'values' || (isLink(local) && !/^\s{0,99}data:/i.test(value)))
}

function judgeHandlers({ name, attributes }: Element, note: Note): void {
  for (const { local, prefix, value } of attributes) {
    if (prefix !== '' || !handler.test(local) || noHandlers.has(local) || value.trim() === '') continue
    note('file.markup.script', `the element ${shown(name)} has the event handler ${shown(local)}`)
  }
}

/** In SVG, presentation attributes such as `fill` are styles as well. */
function judgeStyle({ local, value }: ElementAttribute, kind: MarkupKind, note: Note): void {
  if (local !== 'style' && !(kind === 'svg' && /^[\s"']*url\(/i.test(value))) return
  const { script, external } = readStyles(value)
  if (script !== null) note('file.markup.script', script)
  if (external !== null) note('file.markup.external', `a style refers to ${shown(external)}`)
}

/** XInclude 1.1 §3.1: `href` is loaded into the document, as XML or as text. */
function judgeInclusion(element: Element, kind: MarkupKind, note: Note): void {
  const link = valueOf(element, 'href')?.trim() ?? ''
  if (link === '' || element.local !== 'include') return
  const beside = /^\w[\w./ -]*$/.test(link) && !link.includes('..')
  const remote = /^https?:\/\//i.test(link)
  if (kind === 'xml' && (beside || remote)) note('file.markup.external', `it includes ${shown(link)}`)
  else note('file.markup.entities', `it includes ${shown(link)}`)
}

function tagOf({ name }: Element): string {
  return shown(name, 60)
}
