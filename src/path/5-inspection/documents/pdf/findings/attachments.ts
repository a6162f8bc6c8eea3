import {
  type Dictionary,
  dictionaryOf,
  has,
  type Packed,
  referenceOf,
  textOf,
  valueOf,
  valuesOf,
} from '../syntax/value.ts'
import { decodeText } from './active-content.ts'

/** Attachments that are remembered; a policy's limit of members is lower. */
const mostAttachments = 10_000

/** Collects which streams are embedded files, and their names (ISO 32000-2 §7.11.4). */
export class Attachments {
  /** Streams that say so themselves, by the place of their data. */
  readonly streams = new Map<number, Packed>()
  /** Names by the number of a stream, or of a dictionary of streams. */
  readonly #names = new Map<number, string | null>()
  /** What dictionaries without a name of their own refer to as files. */
  readonly #files = new Map<number, readonly number[]>()
  #overflowed = false

  /** Whether some were left out. */
  get overflowed(): boolean {
    return this.#overflowed
  }

  /** A dictionary anywhere. */
  add(specification: Dictionary): void {
    if (!has(specification, 'EF')) return
    for (const embedded of valuesOf(specification, 'EF')) {
      const name = textOf(valueOf(specification, 'UF')) ?? textOf(valueOf(specification, 'F'))
      const files = dictionaryOf(embedded)
      const numbers = files === null ? [referenceOf(embedded)] : filesOf(files)
      for (const number of numbers) if (number !== null) this.#put(this.#names, number, name && decodeText(name))
    }
  }

  /** An object that is a dictionary without a stream. */
  object(number: number, dictionary: Dictionary): void {
    const files = filesOf(dictionary)
    if (files.length > 0) this.#put(this.#files, number, files)
  }

  stream(packed: Packed): void {
    this.#put(this.streams, packed.after, packed)
  }

  /** Names by the numbers of the streams that are attached. */
  get names(): Map<number, string | null> {
    const names = new Map<number, string | null>()
    for (const [number, name] of this.#names) {
      for (const stream of [number, ...(this.#files.get(number) ?? [])]) names.set(stream, names.get(stream) ?? name)
    }
    return names
  }

  #put<Value>(map: Map<number, Value>, key: number, value: Value): void {
    if (map.size < mostAttachments || map.has(key)) map.set(key, value)
    else this.#overflowed = true
  }
}

/** Keys of a dictionary of embedded files (§7.11.3, Table 43). */
const fileKeys = new Set(['F', 'UF', 'DOS', 'Mac', 'Unix'])

function filesOf(dictionary: Dictionary): number[] {
  const files: number[] = []
  for (const { key, value } of dictionary.entries) {
    const number = fileKeys.has(key) ? referenceOf(value) : null
    if (number !== null) files.push(number)
  }
  return files
}
