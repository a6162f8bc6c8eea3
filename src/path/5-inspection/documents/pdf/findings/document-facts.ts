import type { DocumentFacts } from '../../../../types.ts'
import { type Dictionary, has, integerOf, nameOf, referenceOf, textOf, valueOf, valuesOf } from '../syntax/value.ts'
import { decodeText } from './active-content.ts'

/** Objects with a producer that are kept; there is one for each revision of a file. */
const mostProducers = 64
/** Longest producer, in UTF-16 units. */
const longestProducer = 80

/** Numbers and words that a PDF says of itself; the last revision counts. */
export class FactsOfDocument {
  #pages = 0
  #count: number | null = null
  #version: string | null = null
  #info: number | null = null
  /** Texts as they stand in the file, by the number of their object. */
  readonly #producers = new Map<
    number,
    { readonly text: string; readonly generation: number; readonly plain: boolean }
  >()

  /** From the header of the file, as "1.7". */
  header(version: string): void {
    this.#version ??= version
  }

  /** `plain`: texts in it are not encrypted even where the file is. */
  add(dictionary: Dictionary, number: number | null, generation: number, plain: boolean): void {
    const type = nameOf(valueOf(dictionary, 'Type'))
    if (type === 'Page') this.#pages += 1
    else if (type === 'Catalog') this.#catalog(nameOf(valueOf(dictionary, 'Version')))
    else if (type === 'Pages' && !has(dictionary, 'Parent')) {
      this.#count = integerOf(valueOf(dictionary, 'Count')) ?? this.#count
    }
    const text = textOf(valueOf(dictionary, 'Producer'))
    if (text === null || number === null) return
    this.#producers.delete(number)
    if (this.#producers.size < mostProducers) this.#producers.set(number, { text, generation, plain })
  }

  trailer(dictionary: Dictionary): void {
    for (const value of valuesOf(dictionary, 'Info')) this.#info = referenceOf(value) ?? this.#info
  }

  /** `decrypt` is null where texts cannot be read. */
  conclude(decrypt: ((text: string, number: number, generation: number) => string) | null): DocumentFacts {
    return { pages: this.#pageCount, version: this.#version, producer: this.#producer(decrypt) }
  }

  /** The page tree may say less than there are pages in older revisions, but no more. */
  get #pageCount(): number | null {
    const count = this.#count
    if (count === null || count < 0) return this.#pages === 0 ? null : this.#pages
    return this.#pages === 0 ? count : Math.min(count, this.#pages)
  }

  #catalog(version: string | null): void {
    if (version !== null && /^\d\.\d$/.test(version) && version > (this.#version ?? '')) this.#version = version
  }

  #producer(decrypt: ((text: string, number: number, generation: number) => string) | null): string | null {
    const number = this.#info ?? [...this.#producers.keys()].at(-1)
    const found = number === undefined ? undefined : this.#producers.get(number)
    if (number === undefined || found === undefined) return null
    if (!found.plain && decrypt === null) return null
    const text = found.plain || decrypt === null ? found.text : decrypt(found.text, number, found.generation)
    return cleaned(decodeText(text))
  }
}

function cleaned(text: string): string | null {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim()
  return plain === '' ? null : plain.slice(0, longestProducer)
}
