/**
 * Chooses the corpus that the tests begin with: the smallest inputs that together show everything that inspection ever
 * said about the inputs in the directories.
 *
 *   node test/fuzz/distil.ts DIRECTORY...
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryBytes } from '../../src/path/5-inspection/bytes.ts'
import { inspect } from '../../src/path/5-inspection/inspect.ts'
import { bounds } from './bounds.ts'
import { keptName, seedsFrom } from './corpus.ts'
import type { Seed } from './seeds.ts'
import { traceOf } from './trace.ts'

const largest = 4096
const inAll = 195 * 1024
const corpus = join(import.meta.dirname, '../fixtures/corpus')

const candidates = [corpus, ...process.argv.slice(2)]
  .flatMap(seedsFrom)
  .filter(({ bytes }) => bytes.length <= largest && bytes.length > 0)
  .sort((a, b) => a.bytes.length - b.bytes.length)

const said = new Set<string>()
const chosen: Seed[] = []
let total = 0
for (const seed of candidates) {
  const found = await inspect(memoryBytes(seed.bytes), 'file', bounds)
  const news = traceOf(found)
    .split('|')
    .map((note) => `${found.detected.type} ${note}`)
    .filter((note) => !said.has(note))
  if (news.length === 0 || total + seed.bytes.length > inAll) continue
  for (const note of news) said.add(note)
  chosen.push({ kind: found.detected.type ?? 'other', bytes: seed.bytes })
  total += seed.bytes.length
}

for (const name of readdirSync(corpus).filter((file) => file.endsWith('.bin'))) rmSync(join(corpus, name))
for (const { kind, bytes } of chosen) writeFileSync(join(corpus, keptName(kind, bytes)), bytes)
console.log(`${chosen.length} of ${candidates.length} inputs, ${total} bytes, ${said.size} things said`)
