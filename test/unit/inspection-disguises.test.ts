import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { type Bytes, memoryBytes } from '../../src/path/5-inspection/bytes.ts'
import { detectType } from '../../src/path/5-inspection/detection/detect-type.ts'
import { disguiseInspector } from '../../src/path/5-inspection/disguises/inspector.ts'
import { Expansion } from '../../src/path/5-inspection/expansion.ts'
import { Notes } from '../../src/path/5-inspection/notes.ts'
import type { Observation } from '../../src/path/types.ts'
import { at, disguises, harmless, noise, photo } from '../support/disguise-zoo.ts'
import { bounds } from '../support/inspection.ts'

/** What this inspector alone observes; others have their own words about the same files. */
async function observations(bytes: Bytes): Promise<readonly Observation[]> {
  const notes = new Notes()
  await disguiseInspector.inspect({
    bytes,
    name: 'file',
    detected: await detectType(bytes),
    depth: 0,
    expansion: new Expansion(bounds),
    observe: (rule, detail = '') => notes.observe(rule, detail),
    uncovered: (reason, detail) => notes.uncovered(reason, detail),
    measure: () => {},
    member: () => Promise.resolve(false),
  })
  return notes.facts.observations
}

const rulesIn = async (content: Buffer): Promise<string[]> =>
  (await observations(memoryBytes(content))).map(({ rule }) => rule).sort()

t.test('what is two things at once, or has code where none belongs', async (t) => {
  for (const [what, content, rules, words] of disguises) {
    const found = await observations(memoryBytes(content))
    t.strictSame(found.map(({ rule }) => rule).sort(), [...rules].sort(), what)
    t.match(found.map(({ detail }) => detail).join('; '), words, `${what}: words`)
  }
})

t.test('what only looks like it', async (t) => {
  for (const [what, content] of harmless) {
    const found = await observations(memoryBytes(content))
    t.strictSame(found, [], `${what}: ${found.map(({ detail }) => detail).join('; ')}`)
  }
})

t.test('code is found at every offset around the border of windows', async (t) => {
  const host = photo(530_000)
  const shell = '<?php system(1);'
  for (const border of [261_120, 262_144, 522_240, 524_288]) {
    for (const offset of [-20, -7, -3, -2, -1, 0, 1]) {
      t.strictSame(await rulesIn(at(border + offset, shell, host)), ['file.disguise.code'], `${border} ${offset}`)
    }
  }
})

t.test('chance is no code: palettes, repeated bytes and random data', async (t) => {
  const tags = [
    '<?=',
    '<? ',
    '<?p',
    '<%',
    '<%=',
    '<s',
    'PE\0\0',
    '\x7fELF',
    'Rar!\x1a\x07',
    '7z\xbc\xaf\x27\x1c',
    '*/',
    '__HALT',
  ]
  for (const tag of tags) {
    const picture = Buffer.concat([photo(0), Buffer.alloc(600_000, Buffer.from(tag, 'latin1'))])
    t.strictSame(await rulesIn(picture), [], `a picture full of ${JSON.stringify(tag)}`)
  }
  for (const head of [photo(0), Buffer.from('%PDF-1.4\n'), Buffer.from('OggS\0\x02'), Buffer.from('\0\x01\x02\x03')]) {
    t.strictSame(await rulesIn(Buffer.concat([head, randomBytes(4 * 2 ** 20)])), [])
  }
})

t.test('all bytes are read once or twice, whatever they are', async (t) => {
  const limits = { reads: 200, bytes: 2.5 * 2 ** 20 }
  for (const [what, content] of [...disguises.map(([what, content]) => [what, content] as const), ...harmless]) {
    let [reads, read] = [0, 0]
    const bytes = memoryBytes(content)
    const counted: Bytes = {
      size: bytes.size,
      read: (start, end) => {
        const found = bytes.read(start, end)
        reads += 1
        read += found.length
        return found
      },
    }
    await observations(counted)
    t.ok(reads <= limits.reads && read <= limits.bytes + 2 * content.length, `${what}: ${reads} reads of ${read} bytes`)
  }
})

t.test('mutated and cut files are looked at without a fault', async () => {
  const seeds = [...disguises.map(([, content]) => content), ...harmless.map(([, content]) => content)].filter(
    ({ length }) => length > 0 && length < 50_000,
  )
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
      fc.option(fc.nat()),
      fc.option(fc.constantFrom(...seeds)),
    )
    .map(([seed, changes, cut, more]) => {
      const copy = Buffer.from(seed)
      for (const [offset, value] of changes) copy[offset % copy.length] = value
      const kept = cut === null ? copy : copy.subarray(0, cut % (copy.length + 1))
      return more === null ? kept : Buffer.concat([kept, noise(cut === null ? 0 : cut % 99), more])
    })
  await fc.assert(
    fc.asyncProperty(mutated, async (content) => void (await rulesIn(content))),
    { numRuns: 1500 },
  )
})
