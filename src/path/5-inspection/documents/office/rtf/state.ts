import type { DocumentFacts } from '../../../../types.ts'
import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { type FieldReader, fieldReader, isLoadedPicture } from '../field-codes.ts'
import { isRemote } from '../link-target.ts'
import { type HexReader, hexReader } from './hex.ts'
import type { RtfObject } from './object.ts'

/** What the text of a group is for: `code` of a field, `data` of an object, a `word` of its own, or nothing here. */
export type Destination = 'text' | 'data' | 'code' | 'word'

export interface Group {
  readonly destination: Destination
  /** The control word that made the destination. */
  readonly word: string
  /** A field ends with this group. */
  readonly endsField: boolean
  /** Characters that stand after \u for readers that do not know it. */
  readonly skip: number
}

/** What is known in the middle of an RTF document. */
export interface RtfState {
  readonly subject: Subject
  readonly fields: FieldReader
  readonly stack: Group[]
  group: Group
  /** Groups that end a field. */
  openFields: number
  /** Groups beyond those that are kept. */
  beyond: number
  /** After \*: a destination that not every reader knows. */
  isStarred: boolean
  toSkip: number
  word: string
  property: string
  /** The object that is being read, from the group at this depth on. */
  data: { readonly hex: HexReader; readonly depth: number; isPlain: boolean } | null
  /** Bytes that objects may still have in all. */
  room: number
  /** How many objects are announced, and those that have data. */
  announced: number
  readonly objects: RtfObject[]
  /** There are objects that were not kept. */
  hasMore: boolean
  readonly facts: { -readonly [Key in keyof DocumentFacts]: DocumentFacts[Key] }
}

export function rtfState(subject: Subject): RtfState {
  return {
    subject,
    fields: fieldReader(subject),
    stack: [],
    group: { destination: 'text', word: '', endsField: false, skip: 1 },
    openFields: 0,
    beyond: 0,
    isStarred: false,
    toSkip: 0,
    word: '',
    property: '',
    data: null,
    room: subject.expansion.room,
    announced: 0,
    objects: [],
    hasMore: false,
    facts: { pages: null, version: null, producer: null },
  }
}

/** Objects that are kept and looked into. */
const mostObjects = 1000

/** Makes the text of the open group, and of those in it, be for something. */
export function beginDestination(state: RtfState, destination: Destination, word: string): void {
  const { group, stack } = state
  const isField = word === 'field' || (word === 'fldinst' && state.openFields === 0)
  if (isField && !group.endsField) {
    state.openFields += 1
    state.fields.begin()
  }
  state.group = { ...group, destination, word, endsField: group.endsField || isField }
  if (destination === 'word') state.word = ''
  if (destination !== 'data' || state.data !== null) return
  if (state.objects.length >= mostObjects) state.hasMore = true
  else {
    state.data = { hex: hexReader(Math.floor(state.room / 2)), depth: stack.length, isPlain: true }
  }
}

/** Closes the open group; what was gathered for it is whole. */
export function closeGroup(state: RtfState): void {
  const { group, stack, data } = state
  const outer = stack.pop()
  if (data !== null && stack.length < data.depth) finishObject(state)
  if (group.destination === 'word' && outer?.word !== group.word) finishWord(state)
  if (group.endsField) {
    state.openFields -= 1
    state.fields.end()
  }
  if (outer !== undefined) state.group = outer
}

export function finishObject(state: RtfState): void {
  const { data, objects, subject } = state
  if (data === null) return
  state.data = null
  const bytes = data.hex.bytes()
  state.room -= bytes.length
  if (data.hex.isCut) subject.expansion.overflow(bytes.length)
  else if (subject.expansion.unpacked(bytes.length * 2, bytes.length)) {
    objects.push({ data: bytes, isPlain: data.isPlain })
  }
}

function finishWord(state: RtfState): void {
  const { subject, group, word, property } = state
  if (group.word === 'sn') state.property = word
  if (group.word === 'generator') state.facts.producer = word.replace(/;\s*$/, '')
  if (group.word === 'template' && isRemote(word)) {
    subject.observe('file.office.external', `its template is loaded from ${shown(word)}`)
  }
  if (group.word === 'sv' && /^pibName$/i.test(property.trim()) && isLoadedPicture(word)) {
    subject.observe('file.office.external', `a picture is loaded from ${shown(word)}`)
  }
}

const longestWord = 1024

/** Adds text where it is read. */
export function appendText(state: RtfState, text: string): void {
  if (state.group.destination === 'code') state.fields.text(text)
  else if (state.group.destination === 'word' && state.word.length < longestWord) {
    state.word += text.slice(0, longestWord)
  }
}
