import { isAscii, isUtf8 } from 'node:buffer'
import { createHash, type Hash } from 'node:crypto'
import type { Ceilings } from '../../policy/ceilings.ts'
import type { RuleId } from '../../problems/catalogue.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import type { ContentStore, HeldPart, PartHeader } from '../types.ts'
import { FieldValue } from './field-value.ts'
import type { PartSink } from './lexer.ts'

/** Values of fields are kept in memory; this bounds them whatever the policy says. */
const fieldMemory = 16 * 1024 * 1024
/** Each part costs some hundred bytes to remember, whatever the policy says. */
const partMemory = 20_000

/**
 * Turns parts into held fields and files: field values in memory, file contents to the store, hashed as they pass.
 * Stops where a ceiling is passed; `limited` then says that the parts so far are facts for a verdict, not a syntax error.
 */
export class PartCollector implements PartSink {
  readonly parts: HeldPart[] = []
  limited = false
  readonly #ceilings: Ceilings
  readonly #store: ContentStore
  #fields = 0
  #files = 0
  #fieldBytes = 0
  #current: PartHeader | null = null
  readonly #value = new FieldValue()
  #size = 0
  #start = 0
  #hash: Hash | null = null
  /** The current file has passed its ceiling: its bytes are counted and not kept. */
  #oversized = false

  constructor(ceilings: Ceilings, store: ContentStore) {
    this.#ceilings = ceilings
    this.#store = store
  }

  partBegin(header: PartHeader): Violation | null {
    this.#current = header
    this.#size = 0
    if (header.filename !== null) this.#beginFile()
    return this.#checkCounts(header)
  }

  partData(content: Buffer): Violation | null {
    this.#size += content.length
    return this.#hash === null ? this.#fieldData(content) : this.#fileData(this.#hash, content)
  }

  partEnd(header: PartHeader): Violation | null {
    const isFile = header.filename !== null
    if (isFile && header.filename === '' && this.#size > 0) {
      return violation('multipart.filename.missing', { part: header.part, field: header.name, offset: header.offset })
    }
    this.#keep(header, true)
    this.#current = null
    return isFile ? null : refuseCharset(header, this.parts.at(-1))
  }

  /** Keeps what came of the part that was being read when a ceiling was passed. */
  finishLimited(): void {
    if (this.#current) this.#keep(this.#current, false)
    this.#current = null
  }

  #beginFile(): void {
    this.#start = this.#store.length
    this.#hash = createHash('sha256')
    this.#oversized = false
  }

  #keep(header: PartHeader, whole: boolean): void {
    if (header.filename === null) {
      const value = this.#value.take()
      this.parts.push({ kind: 'field', header, value, size: this.#size, utf8: isUtf8(value) || !whole })
      return
    }
    const content = this.#store.content(this.#start, this.#store.length)
    const sha256 = whole && !this.#oversized ? (this.#hash as Hash).digest('hex') : null
    this.parts.push({ kind: 'file', header, content, size: this.#size, sha256 })
    this.#hash = null
  }

  #checkCounts(header: PartHeader): Violation | null {
    if (header.part > Math.min(this.#ceilings.parts, partMemory)) return this.#limit('request.parts')
    if (header.filename === null) {
      return ++this.#fields > this.#ceilings.fieldCount ? this.#limit('field.count') : null
    }
    if (header.filename === '') return null
    return ++this.#files > this.#ceilings.fileCount ? this.#limit('file.count') : null
  }

  #fieldData(content: Buffer): Violation | null {
    this.#fieldBytes += content.length
    if (this.#size > this.#ceilings.fieldSize) return this.#limit('field.size')
    if (this.#fieldBytes > Math.min(this.#ceilings.fieldTotal, fieldMemory)) return this.#limit('field.total')
    this.#value.append(content)
    return this.#store.keep(content.length)
  }

  #fileData(hash: Hash, content: Buffer): Violation | null {
    if (this.#size > this.#ceilings.fileSize) {
      this.#oversized = true
      return this.#ceilings.oversized === 'stop' ? this.#limit('file.size') : null
    }
    hash.update(content)
    this.#store.append(content)
    return this.#store.failure
  }

  #limit(rule: RuleId): Violation {
    this.limited = true
    const header = this.#current as PartHeader
    return violation(rule, { part: header.part, field: header.name, ...(header.filename && { file: header.filename }) })
  }
}

/**
 * RFC 7578 4.5 and 4.6: the charset of a part says how its value is encoded, the field _charset_ how all fields are. Some
 * backends obey them and others do not, so what they say must make no difference.
 */
function refuseCharset(header: PartHeader, part: HeldPart | undefined): Violation | null {
  if (part?.kind !== 'field') return null
  const declares = header.name === '_charset_' && part.value.toString('latin1').trim().toLowerCase() !== 'utf-8'
  if (!declares && (!header.asciiOnly || isAscii(part.value))) return null
  return violation('multipart.charset', { part: header.part, field: header.name })
}
