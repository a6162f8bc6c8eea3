/** Inspection of inputs that no program writes: bounded, the same each time, and never an exception. */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { inspect } from '../../src/path/5-inspection/inspect.ts'
import type { Inspected } from '../../src/path/types.ts'
import { bounds } from '../fuzz/bounds.ts'
import { seedsFrom } from '../fuzz/corpus.ts'
import { growing } from '../fuzz/growth.ts'
import { mutate } from '../fuzz/mutate.ts'
import { randomFrom } from '../fuzz/random.ts'
import { type Seed, seeds } from '../fuzz/seeds.ts'
import { tokensOf } from '../fuzz/tokens.ts'
import { measured } from '../support/measured-bytes.ts'

/** Another one for other mutants; the program in test/fuzz tries many more. */
const seed = 20_260_102
const mutantsOfEach = 12
const mostFacts = 2 ** 20
/** Detection, the inspectors for a type and those for all types each read a file a few times over, in windows. */
const readings = 16
const constant = 4 * 2 ** 20

/** A read of a held file costs as much as reading kilobytes, so that on average each has to bring some. */
const leastRead = 256
/** Reads that members may cause, of which there are so many at most. */
const mostMembers = bounds.entries * 16
const largeSize = 512 * 1024

const corpus = seedsFrom(new URL('../fixtures/corpus', import.meta.url).pathname)
const all: readonly Seed[] = [...seeds(), ...corpus]

interface Tried {
  readonly found: Inspected
  readonly taken: number
  readonly reads: number
}

async function attempt(bytes: Buffer): Promise<Tried> {
  const counted = measured(bytes)
  const found = await inspect(counted, 'file', bounds)
  return { found, taken: counted.taken, reads: counted.reads }
}

/** What is wrong with how this input was inspected; empty where nothing is. */
async function faults(bytes: Buffer): Promise<string[]> {
  const { found, taken } = await attempt(bytes)
  const again = await attempt(Buffer.from(bytes))
  const { entries, expanded } = found.archive ?? { entries: 0, expanded: 0 }
  const facts = JSON.stringify(found).length
  const allowed = readings * (bytes.length + expanded) + constant
  return [
    facts <= mostFacts ? '' : `the facts have ${facts} bytes`,
    entries <= bounds.entries + 1 ? '' : `${entries} entries`,
    expanded <= bounds.expanded + 1 ? '' : `${expanded} bytes unpacked`,
    found.members.length <= bounds.entries ? '' : `${found.members.length} members`,
    isDeepStrictEqual(found, again.found) && taken === again.taken ? '' : 'two runs differ',
    taken <= allowed ? '' : `${taken} bytes read of ${bytes.length}, with ${expanded} unpacked`,
  ].filter((fault) => fault !== '')
}

t.test('inputs that broke or slowed something once, or reach deep', async (t) => {
  for (const { kind, bytes } of all) t.strictSame(await faults(bytes), [], `${kind} of ${bytes.length} bytes`)
  const sizes = corpus.map(({ bytes }) => bytes.length)
  t.ok(Math.max(...sizes) <= 4096 && sizes.reduce((sum, size) => sum + size, 0) <= 200 * 1024, 'the corpus stays small')
})

t.test('reading grows no faster than the input', async (t) => {
  for (const [what, grow] of Object.entries(growing)) {
    const bytes = grow(largeSize)
    const { found, taken, reads } = await attempt(bytes)
    const expanded = found.archive?.expanded ?? 0
    t.ok(taken <= readings * (bytes.length + expanded) + constant, `${what}: ${taken} bytes read of ${bytes.length}`)
    t.ok(reads <= bytes.length / leastRead + mostMembers, `${what}: ${reads} reads of ${bytes.length} bytes`)
  }
})

t.test(`mutants of good files, from seed ${seed}`, async (t) => {
  const count = all.length
  const inputs = fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.integer())
  const property = fc.asyncProperty(inputs, async ([first, second, number]) => {
    const { kind, bytes } = all[first] as Seed
    const other = (all[second] as Seed).bytes
    const mutant = mutate(bytes, { random: randomFrom(number), other, tokens: tokensOf(kind) })
    const wrong = await faults(mutant)
    if (wrong.length > 0) throw new Error(`${wrong.join(', ')} in ${mutant.toString('base64').slice(0, 4000)}`)
  })
  await fc.assert(property, { seed, numRuns: count * mutantsOfEach, endOnFailure: true })
  t.pass(`${count * mutantsOfEach} mutants`)
})
