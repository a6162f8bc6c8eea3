import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { ScannedFile } from '../scanner.ts'
import { eicar } from './eicar.ts'
import { encryptedZip } from './encrypted-zip.ts'
import { nestedZip, zipPieces } from './zip.ts'

/** A file that is shown to a scanner; its padding is never in memory as a whole. */
export interface Sample {
  readonly name: string
  readonly head: Buffer
  readonly padding: number
  readonly tail: Buffer
}

const nothing = Buffer.alloc(0)

/** Blanks: the definition of the test file allows white space after it. */
const blanks = Buffer.alloc(64 * 1024, ' ')

const cleanMember = { name: 'clean.txt', content: Buffer.from('A probe of the gateway: nothing is wrong here.\n') }

export const cleanSample: Sample = whole(cleanMember.name, cleanMember.content)
export const eicarSample: Sample = whole('eicar.com', eicar)
export const encryptedSample: Sample = whole('encrypted.zip', encryptedZip)

export function nestedSample(depth: number): Sample {
  return whole('nested.zip', nestedZip(eicar, depth))
}

/** The test file at the start of a larger one. */
export function paddedSample(size: number): Sample {
  return { ...eicarSample, padding: Math.max(0, size - eicar.length) }
}

/** The last member of an archive, behind all of its bytes: found only by an engine that looks at the end as well. */
export function lastMemberSample(size: number): Sample {
  const members = [cleanMember, { name: 'eicar.com', content: eicar }]
  const { head, tail } = zipPieces(members)
  const padding = Math.max(0, size - head.length - tail.length)
  return { name: 'edge.zip', ...zipPieces(members, padding), padding }
}

function whole(name: string, head: Buffer): Sample {
  return { name, head, padding: 0, tail: nothing }
}

/** The sample as scanners get files; reads it once for its digest. */
export async function sampleFile(sample: Sample, signal: AbortSignal): Promise<ScannedFile> {
  const { name, head, padding, tail } = sample
  const hash = createHash('sha256')
  for (const chunk of pieces(sample)) {
    hash.update(chunk)
    // A large sample must not hold up the gateway.
    if (padding > 0) await setImmediate(undefined, { signal })
  }
  return {
    name,
    size: head.length + padding + tail.length,
    sha256: hash.digest('hex'),
    chunks: async function* () {
      yield* pieces(sample)
    },
  }
}

function* pieces({ head, padding, tail }: Sample): Generator<Buffer> {
  yield head
  for (let left = padding; left > 0; left -= blanks.length) yield blanks.subarray(0, left)
  if (tail.length > 0) yield tail
}
