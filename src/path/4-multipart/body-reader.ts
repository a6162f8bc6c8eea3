import type { Ceilings } from '../../policy/ceilings.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import type { ContentStore, HeldPart, PartHeader } from '../types.ts'
import { PartCollector } from './collector.ts'
import { MultipartLexer } from './lexer.ts'

/** How a body of one channel is read: chunk by chunk, then its end. The first violation ends the reading. */
export interface BodyReader {
  write(chunk: Buffer): Violation | null
  end(): Violation | null
  /** Bytes read so far. */
  readonly bytes: number
  readonly parts: readonly HeldPart[]
  /** True where a ceiling of the policy stopped the reading: the parts so far are facts for a verdict. */
  readonly limited: boolean
  finishLimited(): void
}

/** RFC 7578: many fields and files. */
export function multipartReader(boundary: string, ceilings: Ceilings, store: ContentStore): BodyReader {
  const collector = new PartCollector(ceilings, store)
  return new ChannelReader(new MultipartLexer(boundary, collector), collector, ceilings.requestSize)
}

/** The whole body is one file, with the name and type that the request gives it. */
export function rawReader(header: PartHeader, ceilings: Ceilings, store: ContentStore): BodyReader {
  const collector = new PartCollector(ceilings, store)
  return new ChannelReader(wholeBody(header, collector), collector, ceilings.requestSize)
}

interface Source {
  write(chunk: Buffer): Violation | null
  end(): Violation | null
}

function wholeBody(header: PartHeader, collector: PartCollector): Source {
  let begun = false
  const begin = (): Violation | null => {
    if (begun) return null
    begun = true
    return collector.partBegin(header)
  }
  return {
    write: (chunk) => begin() ?? collector.partData(chunk),
    end: () => begin() ?? collector.partEnd(header),
  }
}

class ChannelReader implements BodyReader {
  bytes = 0
  readonly #source: Source
  readonly #collector: PartCollector
  readonly #limit: number
  #tooLarge = false

  constructor(source: Source, collector: PartCollector, limit: number) {
    this.#source = source
    this.#collector = collector
    this.#limit = limit
  }

  get parts(): readonly HeldPart[] {
    return this.#collector.parts
  }

  get limited(): boolean {
    return this.#tooLarge || this.#collector.limited
  }

  write(chunk: Buffer): Violation | null {
    this.bytes += chunk.length
    if (this.bytes > this.#limit) {
      this.#tooLarge = true
      return violation('request.size')
    }
    return this.#source.write(chunk)
  }

  end(): Violation | null {
    return this.#source.end()
  }

  finishLimited(): void {
    this.#collector.finishLimited()
  }
}
