/**
 * Looks for inputs that break inspection or slow it down, for as long as it is let.
 *
 *   node test/fuzz/run.ts [--seconds 60] [--kind pdf] [--seed 1] [--seeds DIRECTORY] [--out DIRECTORY]
 *
 * Mutates good files, the corpus, and everything that took a new way through the parsers. Whatever throws, takes longer than two
 * seconds or more memory than its heap has, or is slow for its size, is written to the directory and listed at the end.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seedsFrom } from './corpus.ts'
import { fuzz } from './fuzz.ts'
import { seeds } from './seeds.ts'
import { zooSeeds } from './zoos.ts'

/** Inputs of earlier runs, with which the tests begin as well. */
const kept = join(import.meta.dirname, '../fixtures/corpus')

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    kind: { type: 'string' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: '/tmp/sluice-fuzz' },
  },
})

const all = [...seeds(), ...(await zooSeeds()), ...[kept, ...values.seeds].flatMap(seedsFrom)]
const chosen = values.kind === undefined ? all : all.filter(({ kind }) => kind === values.kind)
if (chosen.length === 0) throw new Error(`no seeds of kind ${values.kind}`)
const broken = await fuzz({
  seeds: chosen,
  seconds: Number(values.seconds),
  seed: Number(values.seed),
  out: values.out,
})
process.exitCode = broken === 0 ? 0 : 1
