import type { Snapshot } from '../config/snapshot.ts'
import { type Difference, type Effect, effects } from '../difference/difference.ts'
import { differencesOf } from '../difference/differences.ts'
import { jsonDocument, printable } from '../printable.ts'
import { padded } from '../terminal/text.ts'
import { exits, readArguments, refuse } from './arguments.ts'
import { loadOrTell } from './load.ts'

const usage = `Usage: sluice diff OLD NEW [--json] [--fail-on loosened]

Says what a change of the configuration does, one line for each thing that holds otherwise: what lets through or believes
more than before first, then requests that move to another policy or upstream, then other changes, then what is tightened.
Reads both files and the secrets that they refer to; touches no network.

  --json               one JSON document
  --fail-on loosened   exit code 3 where something is loosened

Exit code: 0 for any difference or none, 1 where a file has faults, 2 for a wrong command line, 3 with --fail-on.
`

const options = { json: { type: 'boolean' }, 'fail-on': { type: 'string' } } as const

export async function diff(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 2 })
  if (read.exit !== undefined) return read.exit
  const { json = false, 'fail-on': failOn } = read.values
  if (failOn !== undefined && failOn !== 'loosened') return refuse('--fail-on takes loosened', usage).exit
  const [old, current] = read.positionals.map((file) => loadOrTell(file))
  if (!old || !current) return exits.failed
  const [before, after] = [old.snapshot, current.snapshot]
  const differences = differencesOf(before, after)
  process.stdout.write(json ? document(before, after, differences) : lines(differences))
  return failOn !== undefined && countOf(differences, failOn) > 0 ? exits.warnings : exits.fine
}

function document(before: Snapshot, after: Snapshot, differences: readonly Difference[]): string {
  const [from, to] = [before, after].map(({ file, hash }) => ({ file, hash }))
  return jsonDocument({ before: from, after: to, differences })
}

function lines(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'no difference\n'
  const rows = differences.map(({ effect, words }) => `${padded(effect, 9)}  ${printable(words)}\n`)
  const counts = effects.map((effect) => `${countOf(differences, effect)} ${effect}`)
  return `${rows.join('')}${counts.join(', ')}\n`
}

function countOf(differences: readonly Difference[], effect: Effect): number {
  return differences.filter((difference) => difference.effect === effect).length
}
