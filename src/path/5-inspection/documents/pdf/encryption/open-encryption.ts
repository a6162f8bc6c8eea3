import { sliceOf } from '../../../bytes.ts'
import type { Subject } from '../../../inspector.ts'
import type { Survey } from '../survey.ts'
import { Cursor } from '../syntax/cursor.ts'
import { Lexer } from '../syntax/lexer.ts'
import { parseObject } from '../syntax/parser.ts'
import {
  type Dictionary,
  dictionaryOf,
  type Entry,
  itemsOf,
  referenceOf,
  textOf,
  type Value,
  valueOf,
} from '../syntax/value.ts'
import { type Decrypt, type Decryption, openDecryption } from './decryption.ts'

/** What encryption leaves to be read. */
export interface Encryption {
  /** Whether streams can be read at all. */
  readonly readable: boolean
  /** Null where the file is not encrypted. */
  readonly decryption: Decryption | null
  /** Decrypts a text; null where that cannot be done, and the text itself where nothing is encrypted. */
  readonly text: ((text: string, number: number, generation: number) => string) | null
}

/** Trailers that are looked at; each revision of a file repeats the same. */
const mostTrailers = 16
/** Bytes that an encryption dictionary may have; it has a few hundred. */
const longestDictionary = 16 * 1024

/** Definitions of one object that are tried, from the last. */
const mostDefinitions = 4
/** Crypt filters of one file; there are one or two. */
const mostFilters = 16

/** Notes encryption, and opens it where the file asks for no password. */
export function openEncryption(subject: Subject, survey: Survey): Encryption {
  if (survey.encrypted.length === 0) return { readable: true, decryption: null, text: (text) => text }
  const ways = waysOf(subject, survey)
  const [decryption = null] = ways
  if (ways.length === 1 && decryption !== null) {
    subject.observe('file.pdf.restricted', 'it opens without a password, but restricts what readers may do')
    return { readable: true, decryption, text: textBy(decryption.text) }
  }
  subject.observe('file.pdf.encrypted', ways.length > 1 ? 'it is encrypted in several ways' : 'it is encrypted')
  subject.uncovered('encrypted', 'it cannot be looked into without its password')
  return { readable: false, decryption: null, text: null }
}

/** What the trailers say, each way once; null for one that cannot be read. More than one is a trick or damage. */
function waysOf(subject: Subject, survey: Survey): (Decryption | null)[] {
  const ways = new Map<string, Decryption | null>()
  for (const offset of survey.encrypted.slice(-mostTrailers)) {
    const trailer = firstDictionary(subject, offset)
    const encrypt = trailer === null ? null : resolve(subject, survey, valueOf(trailer, 'Encrypt'))
    if (trailer === null || encrypt === null) continue
    const id = textOf(itemsOf(valueOf(trailer, 'ID'))[0]) ?? ''
    const way = JSON.stringify([encrypt, id])
    if (ways.has(way)) continue
    ways.set(way, openDecryption(withFilters(subject, survey, encrypt), Buffer.from(id, 'latin1')))
  }
  return [...ways.values()]
}

function textBy(decrypt: Decrypt): NonNullable<Encryption['text']> {
  return (text, number, generation) => decrypt(Buffer.from(text, 'latin1'), number, generation).toString('latin1')
}

/** The crypt filters may be written indirectly, together or each. */
function withFilters(subject: Subject, survey: Survey, encrypt: Dictionary): Dictionary {
  const filters = resolve(subject, survey, valueOf(encrypt, 'CF'))
  if (filters === null) return encrypt
  const resolved = filters.entries.slice(0, mostFilters).map(({ key, value }) => {
    return { key, value: resolve(subject, survey, value) ?? value }
  })
  const direct: Entry = { key: 'CF', value: { kind: 'dictionary', entries: resolved } }
  return { kind: 'dictionary', entries: [direct, ...encrypt.entries] }
}

/** The dictionary of a reference is the last definition that is one. */
function resolve(subject: Subject, survey: Survey, value: Value | undefined): Dictionary | null {
  const number = referenceOf(value)
  if (number === null) return dictionaryOf(value)
  const all = survey.index.find(number, mostDefinitions).map((offset) => firstDictionary(subject, offset))
  return all.findLast((dictionary) => dictionary !== null) ?? null
}

function firstDictionary({ bytes }: Subject, offset: number): Dictionary | null {
  const cursor = new Cursor(sliceOf(bytes, offset, offset + longestDictionary))
  return dictionaryOf(parseObject(new Lexer(cursor), { all: true, one: true }).values[0])
}
