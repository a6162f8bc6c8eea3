import type { Subject } from '../../inspector.ts'
import { noteActive, type Observe } from './findings/active-content.ts'
import { Attachments } from './findings/attachments.ts'
import { Automatic } from './findings/automatic.ts'
import { FactsOfDocument } from './findings/document-facts.ts'
import { IndirectKinds } from './findings/indirect-kinds.ts'
import { isObjectStream } from './streams/object-streams.ts'
import { ObjectIndex } from './syntax/object-index.ts'
import type { Found } from './syntax/scan.ts'
import {
  type Dictionary,
  dictionaryOf,
  has,
  isNamed,
  type Packed,
  type Parsed,
  type Value,
  valueOf,
  valuesOf,
} from './syntax/value.ts'

/** Object streams that are remembered; a file of a million objects has some ten thousand. */
const mostStreams = 100_000

/** Everything that is learnt of a PDF while its objects go by. */
export class Survey {
  readonly index = new ObjectIndex()
  readonly facts = new FactsOfDocument()
  readonly attachments = new Attachments()
  readonly objectStreams: Packed[] = []
  /** Offsets of trailers and cross-reference streams that say that the file is encrypted. */
  readonly encrypted: number[] = []
  readonly #automatic = new Automatic()
  readonly #indirectKinds = new IndirectKinds()
  readonly #subject: Subject
  readonly #observe: Observe

  constructor(subject: Subject) {
    this.#subject = subject
    this.#observe = (rule, detail) => subject.observe(rule, detail)
  }

  /** An object or trailer of the file itself. */
  add({ offset, number, generation, trailer, parsed }: Found): void {
    if (number !== null) this.index.add(number, offset)
    this.#look(parsed, number)
    for (const value of parsed.values) {
      const dictionary = dictionaryOf(value)
      if (dictionary === null) continue
      if (trailer || isNamed(valueOf(dictionary, 'Type'), 'XRef')) this.#trailer(dictionary, offset)
      this.#learn(dictionary, number, generation, parsed.stream !== null, false)
      if (parsed.stream !== null) this.#stream({ dictionary, after: parsed.stream, number, generation })
    }
  }

  /** An object of an object stream. */
  addPacked(parsed: Parsed, number: number | null): void {
    this.#look(parsed, number)
    for (const value of parsed.values) {
      const dictionary = dictionaryOf(value)
      if (dictionary !== null) this.#learn(dictionary, number, 0, false, true)
    }
  }

  /** What can be told only when all objects are known. */
  conclude(): void {
    this.#indirectKinds.conclude(this.#observe)
    if (this.#indirectKinds.overflowed)
      this.#subject.uncovered('tooLarge', 'too many kinds of actions are written elsewhere')
    this.#automatic.conclude(this.#observe)
  }

  #look(parsed: Parsed, number: number | null): void {
    const { odd, disguised, excessive, stream, values } = parsed
    if (disguised !== null) {
      this.#observe('file.pdf.structure', `names are disguised: /${disguised} has letters written as numbers`)
    }
    if (excessive) this.#subject.uncovered('damaged', 'an object is nested deeper, or has more parts, than is read')
    for (const value of values) {
      this.#visit(value, null, { odd, stream: stream !== null })
      this.#automatic.add(value, number, this.#observe)
      if (number !== null) this.#indirectKinds.object(number, value)
    }
  }

  #visit(value: Value, key: string | null, around: { readonly odd: boolean; readonly stream: boolean }): void {
    if (typeof value !== 'object') return
    if (value.kind === 'list') for (const item of value.items) this.#visit(item, null, { ...around, stream: false })
    if (value.kind !== 'dictionary') return
    noteActive(value, { key, ...around }, this.#observe)
    this.attachments.add(value)
    this.#indirectKinds.add(value)
    for (const entry of value.entries) {
      const { value: inner } = entry
      const composed = typeof inner === 'object' && (inner.kind === 'dictionary' || inner.kind === 'list')
      if (composed) this.#visit(inner, entry.key, { odd: around.odd, stream: false })
    }
  }

  #learn(dictionary: Dictionary, number: number | null, generation: number, stream: boolean, packed: boolean): void {
    this.facts.add(dictionary, number, generation, packed)
    if (number !== null && !stream) this.attachments.object(number, dictionary)
  }

  #stream(packed: Packed): void {
    const { dictionary } = packed
    if (valuesOf(dictionary, 'Type').some((type) => isNamed(type, 'EmbeddedFile'))) this.attachments.stream(packed)
    if (!isObjectStream(dictionary)) return
    if (this.objectStreams.length < mostStreams) this.objectStreams.push(packed)
    else this.#subject.uncovered('tooLarge', `it has more than ${mostStreams} object streams`)
  }

  #trailer(dictionary: Dictionary, offset: number): void {
    this.facts.trailer(dictionary)
    if (has(dictionary, 'Encrypt')) this.encrypted.push(offset)
    const roots = valuesOf(dictionary, 'Root').map((root) => JSON.stringify(root))
    if (new Set(roots).size > 1) this.#observe('file.pdf.structure', 'a trailer names two different documents')
  }
}
