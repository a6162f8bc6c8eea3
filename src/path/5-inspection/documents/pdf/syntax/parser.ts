import type { Lexer } from './lexer.ts'
import type { Dictionary, List, Parsed, Value, Word } from './value.ts'

/** Deeper than any producer nests, and than qpdf and MuPDF read. */
const deepest = 500
/** Items kept of a list; dictionaries past it are still looked at. */
const longestList = 4096
/** Values kept of one object; most of a page tree are read past. */
const mostValues = 200_000

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
  #excessive = false
  #values = 0
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
    this.#flush()
    this.#odd ||= this.#stack.length > 0 || this.#top.items.length > 1
    while (this.#stack.length > 0) this.#close()
    return {
      values: this.#top.items,
      at: this.#at,
      odd: this.#odd,
      disguised: this.#disguised,
      excessive: this.#excessive,
      stream: this.#stream,
    }
  }

  /** Reads one token. False at the end of the object. */
  #step(): boolean {
    const token = this.#lexer.next(this.#wanted)
    if (token === 'number') return this.#number(this.#lexer.number)
    if (token === 'word') return this.#word(this.#lexer.text)
    this.#flush()
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

  #number(number: number): boolean {
    const frame = this.#frame
    if (frame.first === null) frame.first = number
    else if (frame.second === null) frame.second = number
    else {
      const { first } = frame
      frame.first = frame.second
      frame.second = number
      return this.#add(first)
    }
    return true
  }

  /** Numbers that turned out to be no reference. */
  #flush(): void {
    const { first, second } = this.#frame
    if (first === null) return
    this.#frame.first = this.#frame.second = null
    this.#add(first)
    if (second !== null) this.#add(second)
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
    const { first, second } = this.#frame
    if (word === 'R' && first !== null && second !== null) {
      this.#frame.first = this.#frame.second = null
      return this.#add({ kind: 'reference', number: first })
    }
    this.#flush()
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

  /** Null is as good as absent, but takes the place of a value. */
  #add(value: Value | null): boolean {
    const { value: into, key, keep } = this.#frame
    if (into.kind === 'list') {
      if (value === null || !keep || into.items.length >= longestList) return true
      into.items.push(value)
      return this.#count()
    }
    this.#frame.key = null
    if (key === null) this.#odd = true
    if (key === null || value === null || (key === '' && this.#limits.all !== true)) return true
    into.entries.push({ key, value })
    return this.#count()
  }

  #count(): boolean {
    this.#excessive ||= ++this.#values > mostValues
    return !this.#excessive
  }

  #open(value: Dictionary | List): boolean {
    if (this.#stack.length >= deepest) {
      this.#excessive = true
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
    const paired = (token === '>>') === (value.kind === 'dictionary') && this.#stack.length > 0
    if (key !== null || !paired) this.#odd = true
    return !paired || this.#close()
  }

  /** Puts a container into the one around it; those with nothing in them only where single values are kept. */
  #close(): boolean {
    const { value } = this.#frame
    this.#frame = this.#stack.pop() ?? this.#frame
    const { value: outer, key, keep } = this.#frame
    this.#frame.key = null
    if (outer.kind === 'dictionary') {
      if (key === null) this.#odd = true
      if ((key ?? '') === '' && isEmpty(value)) return true
      outer.entries.push({ key: key ?? '', value })
    } else {
      if (isEmpty(value) && !(keep && outer.items.length < longestList)) return true
      outer.items.push(value)
    }
    return this.#count()
  }
}

function isEmpty(value: Dictionary | List): boolean {
  return value.kind === 'list' ? value.items.length === 0 : value.entries.length === 0
}
