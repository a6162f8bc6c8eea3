import { type CipherGCM, createCipheriv, randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Entry } from '../entry.ts'
import { entryKey, type MasterKey } from './keyring.ts'
import {
  largestFacts,
  nonce,
  type Section,
  sealedSize,
  sections,
  segmentSize,
  segmentsOf,
  writeHeader,
} from './layout.ts'

/** Segments that are sealed before others have their turn on the event loop: about half a millisecond. */
const turn = 16

export interface Sealing {
  /** Bytes that come out. */
  readonly size: number
  /** Rejects where the contents are not as long as the entry's parts say, and with their error. */
  seal(contents: () => AsyncIterable<Buffer>): AsyncGenerator<Buffer>
}

/** Null where the entry itself is too large. */
export function prepareSealing(key: MasterKey, entry: Entry): Sealing | null {
  const facts = Buffer.from(JSON.stringify(entry), 'utf8')
  if (facts.length > largestFacts) return null
  const size = entry.parts.reduce((sum, part) => sum + part.size, 0)
  return { size: sealedSize(facts.length, size), seal: (contents) => sealEntry(key, facts, size, contents) }
}

async function* sealEntry(
  key: MasterKey,
  facts: Buffer,
  size: number,
  contents: () => AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const salt = randomBytes(32)
  const header = writeHeader({ keyId: key.id, salt, facts: facts.length, contents: size })
  const start = beginSegments(entryKey(key, salt), header)
  yield header
  yield* sealSection([facts], facts.length, start(sections.facts, facts.length))
  yield* sealSection(contents(), size, start(sections.contents, size))
}

type BeginSegment = (segment: number) => CipherGCM

function beginSegments(key: Buffer, header: Buffer): (section: Section, size: number) => BeginSegment {
  return (section, size) => (segment) => {
    const last = segment === segmentsOf(size) - 1
    const cipher = createCipheriv('aes-256-gcm', key, nonce(section, segment, last))
    return cipher.setAAD(header)
  }
}

async function* sealSection(
  plain: Iterable<Buffer> | AsyncIterable<Buffer>,
  size: number,
  begin: BeginSegment,
): AsyncGenerator<Buffer> {
  let segment = 0
  let filled = 0
  let total = 0
  let cipher = begin(0)
  for await (const chunk of plain) {
    total += chunk.length
    if (total > size) throw new Error('the contents are longer than the parts say')
    for (let at = 0; at < chunk.length; ) {
      if (filled === segmentSize) {
        yield endSegment(cipher)
        segment++
        filled = 0
        cipher = begin(segment)
        if (segment % turn === 0) await setImmediate()
      }
      const piece = chunk.subarray(at, at + segmentSize - filled)
      yield cipher.update(piece)
      at += piece.length
      filled += piece.length
    }
  }
  if (total < size) throw new Error('the contents are shorter than the parts say')
  yield endSegment(cipher)
}

function endSegment(cipher: CipherGCM): Buffer {
  cipher.final()
  return cipher.getAuthTag()
}
