import { shown } from '../shown.ts'
import { type Element, type ElementAttribute, type MarkupKind, valueOf } from './element.ts'
import type { Note } from './findings.ts'
import { type LinkKind, linkKind } from './links.ts'

/** Attributes that hold an address. */
const links = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'data',
  'code',
  'codebase',
  'archive',
  'classid',
  'background',
  'poster',
  'srcset',
  'lowsrc',
  'dynsrc',
  'manifest',
  'profile',
  'longdesc',
  'cite',
  'ping',
  'icon',
  'handler',
])
const animations = /^(?:animate\w*|set|discard)$/
const animated = new Set(['from', 'to', 'by', 'values'])

/** Attributes and elements whose addresses are followed by a person, or not at all. */
const followed = new Set(['action', 'formaction', 'longdesc', 'cite', 'ping', 'profile', 'handler'])
const followedElements = new Set(['a', 'area', 'form', 'button'])
/** Elements that show a picture, in which SVG runs nothing. */
const pictures = new Set([
  'image',
  'feimage',
  'img',
  'input',
  'video',
  'source',
  'link',
  'body',
  'table',
  'td',
  'picture',
])
/** Relations of `link` that load something. */
const loading = /\b(?:stylesheet|icon|preload|prefetch|prerender|modulepreload|import|manifest|apple-touch-\w+)\b/i

export function isLink(local: string): boolean {
  return links.has(local)
}

export function judgeLinks(element: Element, kind: MarkupKind, note: Note): void {
  for (const attribute of element.attributes) {
    if (isLink(attribute.local)) judgeLink(element, attribute, note)
    else if (animated.has(attribute.local) && animations.test(element.local)) judgeValues(element, attribute, note)
  }
  if (animations.test(element.local)) judgeTarget(element, note)
  if (element.local === 'meta') judgeRefresh(element, note)
  if (kind !== 'svg' && (valueOf(element, 'srcdoc') ?? '') !== '')
    note('file.markup.script', 'a frame has a document of its own')
}

function judgeLink(element: Element, attribute: ElementAttribute, note: Note): void {
  const { name, value, local } = attribute
  const kind = linkKind(value)
  if (runs(kind, element) || usesData(element, value)) {
    note('file.markup.script', `${shown(name)} of ${shown(element.name)} is ${shown(value.trim(), 60)}`)
  }
  if (kind !== 'elsewhere' || followed.has(local) || followedElements.has(element.local)) return
  if (element.local === 'link' && !loading.test(valueOf(element, 'rel') ?? '')) return
  note('file.markup.external', `${shown(name)} of ${shown(element.name)} is ${shown(value.trim(), 120)}`)
}

/** A page in an address is opened as one; a picture where none is expected is a page as well. */
function runs(kind: LinkKind, { local }: Element): boolean {
  if (kind === 'picture') return !pictures.has(local)
  if (kind === 'command') return pictures.has(local)
  return kind === 'code' || kind === 'page'
}

/** What `use` takes from data becomes part of the document. */
function usesData({ local }: Element, value: string): boolean {
  return local === 'use' && /^\s*data:/i.test(value)
}

/** SMIL: what an attribute becomes; lists are parted by semicolons. */
function judgeValues(element: Element, { name, value }: ElementAttribute, note: Note): void {
  const dangerous = value.split(';').find((item) => ['code', 'page'].includes(linkKind(item)))
  if (dangerous === undefined) return
  note('file.markup.script', `${shown(name)} of ${shown(element.name)} is ${shown(dangerous.trim(), 60)}`)
}

function judgeTarget(element: Element, note: Note): void {
  const target = valueOf(element, 'attributename')?.trim() ?? ''
  if (!/^on/i.test(target)) return
  note('file.markup.script', `${shown(element.name)} sets the event handler ${shown(target)}`)
}

/** HTML §4.2.5.3: `content` is a time and an address. */
function judgeRefresh(element: Element, note: Note): void {
  if (valueOf(element, 'http-equiv')?.trim().toLowerCase() !== 'refresh') return
  const content = valueOf(element, 'content') ?? ''
  const address = content.replace(/^[\s\d.]*[;,]?\s*(?:url\s*=)?\s*["']?/i, '')
  const kind = linkKind(address)
  if (kind === 'code' || kind === 'page' || kind === 'picture')
    note('file.markup.script', `it refreshes to ${shown(address, 60)}`)
  else if (kind === 'elsewhere') note('file.markup.external', `it refreshes to ${shown(address)}`)
}
