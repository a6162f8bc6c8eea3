import { appendText, beginDestination, closeGroup, type Destination, type RtfState } from './state.ts'
import type { RtfVisitor } from './tokens.ts'

/** Destinations whose text is read. Others after \* are passed over, as every reader does. */
const destinations = new Map<string, Destination>([
  ['objdata', 'data'],
  ['fldinst', 'code'],
  ['template', 'word'],
  ['generator', 'word'],
  ['sn', 'word'],
  ['sv', 'word'],
])
const notes = new Map<string, readonly ['file.office.external' | 'file.office.activex', string]>([
  ['objlink', ['file.office.external', 'an object is linked to another file']],
  ['objautlink', ['file.office.external', 'an object is linked to another file']],
  ['objsub', ['file.office.external', 'an object is linked to another file']],
  ['objocx', ['file.office.activex', 'an object is an ActiveX control']],
])

/** Groups that are kept; programs nest some dozens. */
const deepest = 5000

/** Follows the groups of a document and gathers in `state` what matters. */
export function rtfReader(state: RtfState): RtfVisitor {
  return {
    open: () => openGroup(state),
    close: () => {
      endToken(state)
      if (state.beyond > 0) state.beyond -= 1
      else closeGroup(state)
    },
    control: (word, parameter) => readControl(state, word, parameter),
    text: (window, start, end) => readText(state, window, start, end),
    byte: (value) => {
      if (state.data !== null) state.data.isPlain = false
      else if (state.toSkip > 0) state.toSkip -= 1
      else appendText(state, String.fromCharCode(value))
    },
    binary: (start, end) => readBinary(state, start, end),
  }
}

function endToken(state: RtfState): void {
  state.isStarred = false
  state.toSkip = 0
}

function openGroup(state: RtfState): void {
  endToken(state)
  if (state.data !== null) state.data.isPlain = false
  if (state.stack.length >= deepest) {
    state.beyond += 1
    return
  }
  state.stack.push(state.group)
  state.group = { ...state.group, endsField: false }
}

function readControl(state: RtfState, word: string, parameter: number | null): void {
  if (word === '*') {
    state.isStarred = true
    return
  }
  const { isStarred } = state
  endToken(state)
  const destination = destinations.get(word)
  if (destination !== undefined) return beginDestination(state, destination, word)
  if (state.data !== null) state.data.isPlain = false
  if (word === 'field' || word === 'fldrslt') {
    if (word === 'fldrslt') state.fields.separate()
    return beginDestination(state, 'text', word)
  }
  if (isStarred) beginDestination(state, 'text', word)
  readWord(state, word, parameter)
}

function readWord(state: RtfState, word: string, parameter: number | null): void {
  const note = notes.get(word)
  if (note !== undefined) state.subject.observe(...note)
  else if (word === 'object') state.announced += 1
  else if (word === 'rtf') state.facts.version = parameter === null ? null : String(parameter)
  else if (word === 'nofpages') state.facts.pages = parameter
  else if (word === 'uc') state.group = { ...state.group, skip: Math.min(Math.max(parameter ?? 1, 0), 100) }
  else if (word === 'u') {
    appendText(state, String.fromCharCode((parameter ?? 0) & 0xffff))
    state.toSkip = state.group.skip
  } else if (word === '\\' || word === '{' || word === '}') appendText(state, word)
}

const longestText = 4096

function readText(state: RtfState, window: Buffer, start: number, end: number): void {
  if (state.data !== null) return state.data.hex.digits(window, start, end)
  if (state.group.destination === 'text') return
  let from = start
  // White space of any length may stand before what counts.
  while (state.toSkip === 0 && from < end && (window[from] === 0x20 || window[from] === 0x0a || window[from] === 0x0d))
    from += 1
  const text = window
    .toString('latin1', Math.max(start, from - 1), Math.min(end, from + longestText))
    .replace(/[\r\n]/g, '')
  appendText(state, text.slice(state.toSkip))
  state.toSkip = Math.max(state.toSkip - text.length, 0)
}

function readBinary({ data, subject, room }: RtfState, start: number, end: number): void {
  if (data === null) return
  data.isPlain = false
  data.hex.binary(subject.bytes.read(start, Math.min(end, start + room)))
}
