import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { eachAtOnce } from '../at-once.ts'
import { sections } from '../config/schema.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { suggest } from '../config/suggest.ts'
import { type InspectionOptions, openInspection } from '../path/5-inspection/isolation/inspection.ts'
import { packs } from '../policy/packs.ts'
import type { Policy } from '../policy/policy.ts'
import { printable } from '../printable.ts'
import { startProgress } from '../terminal/progress.ts'
import { exits, readArguments, refuse } from './arguments.ts'
import { type Examined, examine } from './inspect/examine.ts'
import { policyOfPack } from './inspect/pack-policy.ts'
import { jsonReport, tableReport } from './inspect/report.ts'
import { loadOrTell } from './load.ts'
import { openProbed } from './open-scanners.ts'

const usage = `Usage: sluice inspect FILE... --policy NAME [-c CONFIG] [--json]

Says what the gateway would say of these files, each as an upload of its own. Reads the files and sends them nowhere,
except to the scanners that the policy of a configuration names.

  --policy NAME    a policy of the configuration, or a built-in pack: ${Object.keys(packs).join(', ')}
  -c CONFIG        the configuration that has the policy, and the bounds of inspection
  --json           one JSON document with everything that was found, instead of a table

clean       would travel; all that the policy asks for was looked into
unscanned   would travel although not all of it was looked into: the policy allows that
refused     would not travel; what failed, what was expected, and how a policy can allow it stand below
unreadable  cannot be read here

Exit code: 0 where all files would travel, 1 where one would not or cannot be read, 2 for a wrong command line.
`

const options = {
  policy: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean' },
} as const

/** A policy, and what inspection may use under its configuration. */
interface Chosen {
  readonly policy: Policy
  readonly bounds: Omit<InspectionOptions, 'threads'>
  /** Null where the policy is a pack's, which asks no scanners. */
  readonly snapshot: Snapshot | null
}

export async function inspect(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 'some' })
  if (read.exit !== undefined) return read.exit
  const { policy: name, config, json = false } = read.values
  if (name === undefined) return refuse('--policy is missing', usage).exit
  const chosen = config === undefined ? fromPack(name) : fromConfiguration(name, config)
  if (typeof chosen === 'number') return chosen
  const { policy } = chosen
  const examined = await examineAll(read.positionals, chosen)
  // A terminal that was given no size says 0.
  const columns = (process.stdout.isTTY && process.stdout.columns) || null
  process.stdout.write(json ? jsonReport(policy, examined) : tableReport(policy, examined, columns))
  return examined.every((file) => 'verdict' in file && file.verdict !== 'refused') ? exits.fine : exits.failed
}

function fromPack(name: string): Chosen | number {
  const policy = policyOfPack(name)
  // What a configuration has that says nothing of inspection.
  if (policy !== null) return { policy, bounds: sections.inspection.parse({}), snapshot: null }
  const near = suggest(name, Object.keys(packs))
  const hint = near === null ? 'name its configuration with -c' : `did you mean ${near}?`
  return refuse(`no pack is named ${JSON.stringify(name)}; ${hint}`, usage).exit
}

function fromConfiguration(name: string, file: string): Chosen | number {
  const loaded = loadOrTell(file)
  if (loaded === null) return exits.failed
  const { policies, configuration } = loaded.snapshot
  const policy = policies.get(name) ?? policyOfPack(name)
  if (policy !== null) return { policy, bounds: configuration.inspection, snapshot: loaded.snapshot }
  const near = suggest(name, [...policies.keys()])
  const names = [...policies.keys()].join(', ')
  const has = names === '' ? 'has no policies' : `has no policy ${JSON.stringify(name)}, only ${names}`
  return refuse(`${file} ${has}${near === null ? '' : `; did you mean ${near}?`}`, usage).exit
}

/** The report says of such a file no more than that its inspection failed: the cause is for those who mend Sluice. */
function complain(reason: string, error: unknown): void {
  const cause = error instanceof Error ? error.message : String(error)
  if (reason === 'crash') process.stderr.write(`sluice: inspection failed: ${printable(cause)}\n`)
}

/** As many at a time as there are processors, reported in the order of the command line. */
async function examineAll(files: readonly string[], { policy, bounds, snapshot }: Chosen): Promise<Examined[]> {
  const threads = Math.min(availableParallelism(), files.length)
  const scanners = snapshot === null ? null : await openProbed(snapshot, policy.files.scanners)
  const inspection = openInspection({ ...bounds, threads }, complain)
  const progress = startProgress(files.length)
  const examined: Examined[] = []
  try {
    await eachAtOnce(files.entries(), threads, async ([index, file]) => {
      examined[index] = await examine(file, policy, { inspection, scanners })
      progress.advance(basename(file))
    })
    return examined
  } finally {
    progress.stop()
    await inspection.close()
    await scanners?.close()
  }
}
