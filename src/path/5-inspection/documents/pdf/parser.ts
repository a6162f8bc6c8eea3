import type { Lexer } from './lexer.ts'
import type { Dictionary, Entry, List, Parsed, Value, Word } from './value.ts'

/** Deeper than any producer nests, and than qpdf and MuPDF read. */
const deepest = 500
/** Items kept of a list; dictionaries past it are still looked at. */
const longestList = 4096

/** Words that end an object wherever they stand. */
const ends = new Set(['stream', 'endstream', 'obj', 'xref', 'trailer', 'startxref'])

const booleans: ReadonlyMap<string, Word> = new Map([
  ['true', { kind: 'word', word: 'true' }],
  ['false', { kind: 'word', word: 'false' }],
])
const other: Word = { kind: 'word', word: '' }

interface Frame {
  readonly value: Dictionary | List
  /** Whether single items are kept, not dictionaries only. */
  readonly keep: boolean
  /** Dictionaries only: the key whose value comes next. */
  key: string | null
  /** Up to two numbers that may be the beginning of a reference. */
  first: number | null
  second: number | null
}

/** What an object may be read until. */
export interface Limits {
  /** Texts and unknown names are kept too. */
  readonly all?: boolean
  /** Ends after the first value, whatever follows. */
  readonly one?: boolean
}

/**
 * Reads what stands at the place of the lexer, to the word that ends it. Linear; nothing recurs. Readers repair objects
 * each in its own way: what is left over after a value, and what stands in a dictionary without a key, is read as well.
 */
export function parseObject(lexer: Lexer, limits: Limits = {}): Parsed {
  return new Parser(lexer, limits).parse()
}

class Parser {
  readonly #lexer: Lexer
  readonly #limits: Limits
  readonly #top: List = { kind: 'list', items: [] }
  readonly #stack: Frame[] = []
  #frame: Frame
  #odd = false
  #deep = false
  #disguised: string | null = null
  #stream: number | null = null
  #at: number | null = null

  constructor(lexer: Lexer, limits: Limits) {
    this.#lexer = lexer
    this.#limits = limits
    this.#frame = { value: this.#top, keep: true, key: null, first: null, second: null }
  }

  parse(): Parsed {
    while (this.#step()) {
      if (this.#limits.one === true && this.#stack.length === 0 && this.#top.items.length > 0) break
    }
    flush(this.#frame)
    this.#odd ||= this.#stack.length > 0 || this.#top.items.length > 1
    while (this.#stack.length > 0) this.#close()
    return {
      values: this.#top.items,
      at: this.#at,
      odd: this.#odd,
      disguised: this.#disguised,
      deep: this.#deep,
      stream: this.#stream,
    }
  }

  /** Reads one token. False at the end of the object. */
  #step(): boolean {
    const frame = this.#frame
    const token = this.#lexer.next(this.#wanted)
    if (token === 'number') return push(frame, this.#lexer.number)
    if (token === 'word') return this.#word(this.#lexer.text)
    flush(frame)
    if (token === 'name') return this.#name()
    if (token === 'text') return this.#add({ kind: 'text', text: this.#lexer.text })
    if (token === '<<') return this.#open({ kind: 'dictionary', entries: [] })
    if (token === '[') return this.#open({ kind: 'list', items: [] })
    return token !== 'end' && this.#closed(token)
  }

  /** Whether single values here are worth keeping. */
  get #wanted(): boolean {
    const { value, key, keep } = this.#frame
    return this.#limits.all === true || (value.kind === 'list' ? keep : key !== null && key !== '')
  }

  #name(): boolean {
    const { name, disguised } = this.#lexer
    if (disguised && name !== '') this.#disguised ??= name
    const frame = this.#frame
    if (frame.value.kind === 'list' || frame.key !== null) return this.#add({ kind: 'name', name })
    frame.key = name
    return true
  }

  #word(word: string): boolean {
    const frame = this.#frame
    if (word === 'R' && frame.first !== null && frame.second !== null) {
      const number = frame.first
      frame.first = frame.second = null
      return this.#add({ kind: 'reference', number })
    }
    flush(frame)
    if (word === 'endobj') return this.#endobj()
    if (!ends.has(word)) return this.#add(word === 'null' ? null : (booleans.get(word) ?? other))
    if (word === 'stream') this.#stream = this.#lexer.cursor.offset
    return false
  }

  /** Inside of a container some readers read on. */
  #endobj(): boolean {
    if (this.#stack.length === 0) return false
    this.#odd = true
    return true
  }

  #add(value: Value | null): boolean {
    const frame = this.#frame
    const { value: into, key } = frame
    if (into.kind === 'list') {
      if (value !== null && frame.keep && into.items.length < longestList) into.items.push(value)
      return true
    }
    frame.key = null
    if (key === null) this.#odd = true
    else if (value !== null && (key !== '' || this.#limits.all === true)) into.entries.push({ key, value })
    return true
  }

  #open(value: Dictionary | List): boolean {
    if (this.#stack.length >= deepest) {
      this.#deep = true
      return false
    }
    const keep = this.#wanted
    if (this.#stack.length === 0) this.#at = this.#lexer.start
    this.#stack.push(this.#frame)
    this.#frame = { value, keep, key: null, first: null, second: null }
    return true
  }

  #closed(token: '>>' | ']'): boolean {
    const { value, key } = this.#frame
    if (key !== null) this.#odd = true
    if ((token === '>>') !== (value.kind === 'dictionary') || this.#stack.length === 0) {
      this.#odd = true
      return true
    }
    this.#close()
    return true
  }

  #close(): void {
    const { value } = this.#frame
    const outer = this.#stack.pop()
    if (outer === undefined) return
    const key = outer.key
    this.#frame = outer
    if (outer.value.kind === 'dictionary') {
      outer.key = null
      if (key === null) this.#odd = true
      if ((key ?? '') !== '' || !isEmpty(value)) outer.value.entries.push({ key: key ?? '', value })
    } else if (!isEmpty(value) || (outer.keep && outer.value.items.length < longestList)) outer.value.items.push(value)
  }
}

function isEmpty(value: Dictionary | List): boolean {
  return value.kind === 'list' ? value.items.length === 0 : value.entries.length === 0
}

function push(frame: Frame, number: number): boolean {
  if (frame.first !== null && frame.second !== null) {
    keepNumber(frame, frame.first)
    frame.first = frame.second
    frame.second = number
  } else if (frame.first === null) frame.first = number
  else frame.second = number
  return true
}

/** Numbers that turned out to be no reference. */
function flush(frame: Frame): void {
  if (frame.first !== null) keepNumber(frame, frame.first)
  if (frame.second !== null) keepNumber(frame, frame.second)
  frame.first = frame.second = null
}

function keepNumber(frame: Frame, number: number): void {
  const { value, key } = frame
  if (value.kind === 'list') {
    if (frame.keep && value.items.length < longestList) value.items.push(number)
    return
  }
  frame.key = null
  if (key !== null && key !== '') value.entries.push({ key, value: number } satisfies Entry)
}
