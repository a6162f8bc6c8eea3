/** Values of PDF objects (ISO 32000-2 §7.3), as far as they are kept: unknown names and keys are empty strings. */
export type Value = number | Name | Text | Word | Reference | Dictionary | List

export interface Name {
  readonly kind: 'name'
  readonly name: string
}

/** A string: its bytes as latin1, as many as are kept. */
export interface Text {
  readonly kind: 'text'
  readonly text: string
}

/** true, false, null, or what is none of these. */
export interface Word {
  readonly kind: 'word'
  readonly word: string
}

export interface Reference {
  readonly kind: 'reference'
  readonly number: number
}

export interface Dictionary {
  readonly kind: 'dictionary'
  /** In their order, doubles included; those with a known key, and those that hold dictionaries. */
  readonly entries: Entry[]
}

export interface Entry {
  readonly key: string
  readonly value: Value
}

export interface List {
  readonly kind: 'list'
  readonly items: Value[]
}

/** All that stands after one `obj`, or at one place of an object stream. */
export interface Parsed {
  /** Usually one; more where something is left over. */
  readonly values: readonly Value[]
  /** Where the last value begins that is a container; null where none is. */
  readonly at: number | null
  /** What was read is not what the grammar says, so that readers may each have another understanding of it. */
  readonly odd: boolean
  /** A name of an active thing whose letters are written as #xx. */
  readonly disguised: string | null
  /** Nested deeper, or of more parts, than is read; the rest of it was not. */
  readonly excessive: boolean
  /** Where the word `stream` ends; null where there is none. */
  readonly stream: number | null
}

/** A stream that is to be looked into. */
export interface Packed {
  readonly dictionary: Dictionary
  /** Where the word `stream` ends. */
  readonly after: number
  readonly number: number | null
  readonly generation: number
}

/** What a key has, all doubles of it. */
export function valuesOf(dictionary: Dictionary, key: string): Value[] {
  const values: Value[] = []
  for (const entry of dictionary.entries) if (entry.key === key) values.push(entry.value)
  return values
}

export function valueOf(dictionary: Dictionary, key: string): Value | undefined {
  for (const entry of dictionary.entries) if (entry.key === key) return entry.value
  return undefined
}

export function has(dictionary: Dictionary, key: string): boolean {
  return valueOf(dictionary, key) !== undefined
}

export function isNamed(value: Value | undefined, name: string): boolean {
  return nameOf(value) === name
}

export function nameOf(value: Value | undefined): string | null {
  return typeof value === 'object' && value.kind === 'name' ? value.name : null
}

export function textOf(value: Value | undefined): string | null {
  return typeof value === 'object' && value.kind === 'text' ? value.text : null
}

export function dictionaryOf(value: Value | undefined): Dictionary | null {
  return typeof value === 'object' && value.kind === 'dictionary' ? value : null
}

export function referenceOf(value: Value | undefined): number | null {
  return typeof value === 'object' && value.kind === 'reference' ? value.number : null
}

export function integerOf(value: Value | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

/** The items of a list, or the value itself. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return []
  return typeof value === 'object' && value.kind === 'list' ? value.items : [value]
}
