import type { ContentRuleId } from '../../../../../problems/catalogue.ts'
import { shown } from '../../../shown.ts'
import { isFilter } from '../streams/filters.ts'
import {
  type Dictionary,
  dictionaryOf,
  has,
  itemsOf,
  nameOf,
  referenceOf,
  textOf,
  type Value,
  valueOf,
  valuesOf,
} from '../syntax/value.ts'
import { actions } from './actions.ts'

export type Observe = (rule: ContentRuleId, detail: string) => void

/** Where a dictionary stands, and whether what surrounds it was well-formed. */
export interface Place {
  /** The key that it is the value of; null in lists and by itself. */
  readonly key: string | null
  readonly stream: boolean
  readonly odd: boolean
}

/** Dictionaries whose keys are names that producers make up. */
const ownNames = new Set(
  'Font XObject ExtGState ColorSpace Pattern Shading Properties Colorants RoleMap ClassMap Dests CharProcs'.split(' '),
)

/** Keys and names of which a dictionary must have one for anything here to be about it. */
const remarkableKeys = new Set('JS Win JavaScript XFA EF FS F UF Unix Mac DOS RichMediaContent'.split(' '))
const remarkableNames = new Set([
  ...actions.keys(),
  ...'EmbeddedFile FileAttachment RichMedia Movie Sound 3D U3D PRC'.split(' '),
])

function isRemarkable({ entries }: Dictionary): boolean {
  for (const { key, value } of entries) {
    if (remarkableKeys.has(key)) return true
    if (typeof value === 'object' && value.kind === 'name' && remarkableNames.has(value.name)) return true
  }
  return false
}

/** Notes what one dictionary says of active content. */
export function noteActive(dictionary: Dictionary, place: Place, observe: Observe): void {
  if (!isRemarkable(dictionary)) return
  noteActions(dictionary, place, observe)
  if (place.key !== null && ownNames.has(place.key)) return
  noteNames(dictionary, observe)
  noteFiles(dictionary, place, observe)
  noteMedia(dictionary, place, observe)
}

/** The kinds that a dictionary may be taken for as an action; more than one where /S is doubled. */
export function kindsOf(dictionary: Dictionary): string[] {
  const kinds: string[] = []
  for (const { key, value } of dictionary.entries) {
    if (key === 'S' && typeof value === 'object' && value.kind === 'name') kinds.push(value.name)
  }
  return kinds
}

function noteActions(dictionary: Dictionary, { odd }: Place, observe: Observe): void {
  for (const kind of kindsOf(dictionary)) {
    const action = actions.get(kind)
    if (action === undefined || !(odd || action.needs.some((key) => has(dictionary, key)))) continue
    observe(action.rule, action.words + targetOf(dictionary))
  }
  const script = valueOf(dictionary, 'JS')
  const kinds = kindsOf(dictionary)
  if (script === undefined || kinds.includes('JavaScript')) return
  const acts = kinds.length > 0 || isActionTyped(dictionary)
  if (acts || odd || textOf(script) !== null) observe('file.pdf.javascript', 'a dictionary holds JavaScript')
}

function isActionTyped(dictionary: Dictionary): boolean {
  return valuesOf(dictionary, 'Type').some((value) => nameOf(value) === 'Action')
}

/** Where the action leads, for a sentence; empty where it does not say. */
function targetOf(dictionary: Dictionary): string {
  const target = pathOf(valueOf(dictionary, 'F')) ?? pathOf(valueOf(dictionary, 'Win'))
  return target === null ? '' : `: ${shown(target)}`
}

function pathOf(value: Value | undefined): string | null {
  const direct = textOf(value)
  if (direct !== null) return direct
  const dictionary = dictionaryOf(value)
  return dictionary === null ? null : (textOf(valueOf(dictionary, 'F')) ?? textOf(valueOf(dictionary, 'UF')))
}

function noteNames(dictionary: Dictionary, observe: Observe): void {
  if (holds(valueOf(dictionary, 'JavaScript'))) {
    observe('file.pdf.javascript', 'the document has scripts that run when it is opened')
  }
  if (holds(valueOf(dictionary, 'XFA'))) observe('file.pdf.form', 'the form is an XFA form')
}

/** Whether there is something: a reference, a text, or what is not empty. */
function holds(value: Value | undefined): boolean {
  if (typeof value !== 'object') return false
  if (value.kind === 'reference' || value.kind === 'text') return true
  if (value.kind === 'list') return value.items.length > 0
  return value.kind === 'dictionary' && value.entries.some((entry) => itemsOf(entry.value).length > 0)
}

/** Keys under which a file specification has its path (§7.11.3). */
const pathKeys = ['F', 'UF', 'Unix', 'Mac', 'DOS']
/** A network share, or an address with a scheme; a drive letter is no scheme. */
const remote = /^(?:\\\\|\/\/|[a-z][a-z\d+.-]+:)/i

function noteFiles(dictionary: Dictionary, { stream }: Place, observe: Observe): void {
  const types = new Set([...valuesOf(dictionary, 'Type'), ...valuesOf(dictionary, 'Subtype')].map(nameOf))
  if (stream && types.has('EmbeddedFile')) observe('file.pdf.embedded', 'a file is embedded')
  if (valuesOf(dictionary, 'EF').some((value) => dictionaryOf(value) !== null || referenceOf(value) !== null)) {
    observe('file.pdf.embedded', `a file is attached${named(dictionary)}`)
  } else if (types.has('FileAttachment') && has(dictionary, 'FS')) {
    observe('file.pdf.embedded', 'an annotation has a file attached')
  }
  for (const path of pathKeys.flatMap((key) => textOf(valueOf(dictionary, key)) ?? [])) {
    if (remote.test(path)) observe('file.pdf.external', `a file elsewhere is referred to: ${shown(path)}`)
  }
  const source = valuesOf(dictionary, 'F').find((value) => typeof value === 'object' && !isFilter(value))
  if (stream && source !== undefined)
    observe('file.pdf.external', `the data of a stream is in another file${named(dictionary)}`)
  if (source !== undefined && has(dictionary, 'Page')) {
    observe('file.pdf.external', `a page of another file is shown${named(dictionary)}`)
  }
}

function named(dictionary: Dictionary): string {
  const name = textOf(valueOf(dictionary, 'UF')) ?? pathOf(valueOf(dictionary, 'F'))
  return name === null ? '' : `: ${shown(decodeText(name))}`
}

/** PDFDocEncoding or UTF-16 (ISO 32000-2 §7.9.2.2), the former as its near relative windows-1252. */
export function decodeText(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  const mark = text.slice(0, 2)
  if (mark === '\xfe\xff') return new TextDecoder('utf-16be').decode(bytes)
  if (mark === '\xff\xfe') return new TextDecoder('utf-16le').decode(bytes)
  return new TextDecoder(text.startsWith('\xef\xbb\xbf') ? 'utf-8' : 'windows-1252').decode(bytes)
}

/** Annotations by their /Subtype, and the key without which each has nothing to play. */
const players: ReadonlyMap<string, string> = new Map([
  ['RichMedia', 'RichMediaContent'],
  ['Movie', 'Movie'],
  ['Sound', 'Sound'],
  ['3D', '3DD'],
])

function noteMedia(dictionary: Dictionary, { stream }: Place, observe: Observe): void {
  const subtypes = valuesOf(dictionary, 'Subtype').flatMap((value) => nameOf(value) ?? [])
  for (const subtype of subtypes) {
    const key = players.get(subtype)
    if (key !== undefined && has(dictionary, key)) observe('file.pdf.media', `an annotation plays ${words(subtype)}`)
    if (stream && (subtype === 'U3D' || subtype === 'PRC')) observe('file.pdf.media', 'a 3D scene is embedded')
  }
  if (!subtypes.includes('RichMedia') && has(dictionary, 'RichMediaContent')) {
    observe('file.pdf.media', 'it has Flash or other rich media')
  }
}

function words(subtype: string): string {
  if (subtype === 'RichMedia') return 'Flash or other rich media'
  if (subtype === 'Movie') return 'a film'
  return subtype === 'Sound' ? 'a sound' : 'a 3D scene'
}
