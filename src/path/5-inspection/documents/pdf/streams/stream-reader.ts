import type { Subject } from '../../../inspector.ts'
import type { Decryption } from '../encryption/decryption.ts'
import type { Survey } from '../survey.ts'
import { nameOf, type Packed, valueOf } from '../syntax/value.ts'
import { chainsOf, type Decoded, decodeChain, type Filter } from './filters.ts'
import { streamRange } from './stream-range.ts'

/** What a stream holds: every reading of it that readers may have, or why there is none. */
export interface Content {
  readonly data: readonly Buffer[]
  readonly failure: 'passed' | 'damaged' | 'unsupported' | null
}

/** Bytes that streams may have in common, all together. */
const spare = 2 * 1024 * 1024
/** What finding a stream counts as, in bytes. */
const leastCost = 512

/** Reads the data of streams, within a bound on all of them together: streams may share their data. */
export class StreamReader {
  readonly #subject: Subject
  readonly #survey: Survey
  readonly #decryption: Decryption | null
  #left: number

  constructor(subject: Subject, survey: Survey, decryption: Decryption | null) {
    this.#subject = subject
    this.#survey = survey
    this.#decryption = decryption
    this.#left = subject.bytes.size + spare
  }

  /** False once so much was read that streams must share their data; nothing is read from then on. */
  get open(): boolean {
    return this.#left > 0
  }

  read(packed: Packed, use: 'stream' | 'embedded'): Content {
    const { bytes, expansion } = this.#subject
    const [start, end] = streamRange(bytes, packed.after, packed.dictionary, this.#survey.index)
    this.#left -= end - start + leastCost
    const chains = chainsOf(packed.dictionary)
    if (chains === null) return { data: [], failure: 'unsupported' }
    if (end - start > expansion.room) {
      this.#subject.uncovered('tooLarge', 'a stream in it is larger than what is unpacked at a time')
      return { data: [], failure: 'passed' }
    }
    const raw = bytes.read(start, end)
    return this.#decoded(chains.flatMap((chain) => this.#readings(raw, chain, packed, use)))
  }

  /** Of an encrypted file, some readers may see a trailer that does not say so: both ways are tried. */
  #readings(
    raw: Buffer,
    chain: readonly Filter[],
    { number, generation }: Packed,
    use: 'stream' | 'embedded',
  ): Decoded[] {
    const { expansion } = this.#subject
    if (this.#decryption === null || number === null || isExempt(chain[0])) return [decodeChain(raw, chain, expansion)]
    const decrypted = decodeChain(this.#decryption[use](raw, number, generation), chain, expansion)
    if (chain.length === 0 || (use === 'embedded' && typeof decrypted !== 'string')) return [decrypted]
    return [decrypted, decodeChain(raw, chain, expansion)]
  }

  #decoded(readings: readonly Decoded[]): Content {
    const data = readings.filter((reading) => typeof reading !== 'string')
    const failures = readings.filter((reading) => typeof reading === 'string')
    return { data, failure: data.length > 0 && !failures.includes('passed') ? null : (failures[0] ?? null) }
  }
}

/** A stream in an encrypted file that is not encrypted itself (ISO 32000-2 §7.4.10). */
function isExempt(first: Filter | undefined): boolean {
  if (first?.name !== 'Crypt') return false
  const name = first.parameters === null ? null : nameOf(valueOf(first.parameters, 'Name'))
  return name === null || name === 'Identity'
}
