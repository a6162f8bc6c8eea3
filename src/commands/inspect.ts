import { availableParallelism } from 'node:os'
import { formatFault } from '../config/fault.ts'
import { loadConfiguration } from '../config/load.ts'
import { suggest } from '../config/suggest.ts'
import { openInspection } from '../path/5-inspection/isolation/inspection.ts'
import { packs } from '../policy/packs.ts'
import type { Policy } from '../policy/policy.ts'
import { exits, readArguments, refuse } from './arguments.ts'
import { type Examined, examine } from './inspect/examine.ts'
import { policyOfPack } from './inspect/pack-policy.ts'
import { startProgress } from './inspect/progress.ts'
import { jsonReport, tableReport } from './inspect/report.ts'

const usage = `Usage: sluice inspect FILE... --policy NAME [-c CONFIG] [--json]

Says what the gateway would say of these files, each as an upload of its own. Reads the files and sends them nowhere.

  --policy NAME    a policy of the configuration, or a built-in pack: ${Object.keys(packs).join(', ')}
  -c CONFIG        the configuration that has the policy
  --json           one JSON document with everything that was found, instead of a table

Exit code: 0 where all files would travel, 1 where one would not or cannot be read, 2 for a wrong command line.
`

const options = {
  policy: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean' },
} as const

/** What inspection may use where no configuration says so. */
const defaults = { timeout: 60_000, memory: 256 * 1024 * 1024 }

export async function inspect(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 'some' })
  if (read.exit !== undefined) return read.exit
  const { policy: name, config, json = false } = read.values
  if (name === undefined) return refuse('--policy is missing', usage).exit
  const policy = config === undefined ? fromPack(name) : fromConfiguration(name, config)
  if (typeof policy === 'number') return policy
  const examined = await examineAll(read.positionals, policy)
  process.stdout.write(json ? jsonReport(policy, examined) : tableReport(policy, examined))
  return examined.every((file) => 'verdict' in file && file.verdict !== 'refused') ? exits.fine : exits.failed
}

function fromPack(name: string): Policy | number {
  const pack = policyOfPack(name)
  if (pack !== null) return pack
  const near = suggest(name, Object.keys(packs))
  const hint = near === null ? 'name its configuration with -c' : `did you mean ${near}?`
  return refuse(`no pack is named ${JSON.stringify(name)}; ${hint}`, usage).exit
}

function fromConfiguration(name: string, file: string): Policy | number {
  const loaded = loadConfiguration(file, process.env)
  if (!loaded.ok) {
    process.stderr.write(`${loaded.faults.map(formatFault).join('\n')}\n`)
    return exits.failed
  }
  const { policies } = loaded.snapshot
  const policy = policies.get(name) ?? policyOfPack(name)
  if (policy !== null) return policy
  const near = suggest(name, [...policies.keys()])
  const names = [...policies.keys()].join(', ') || 'none'
  return refuse(
    `${file} has no policy ${JSON.stringify(name)}, only ${names}${near === null ? '' : `; did you mean ${near}?`}`,
    usage,
  ).exit
}

/** As many at a time as there are processors, reported in the order of the command line. */
async function examineAll(files: readonly string[], policy: Policy): Promise<Examined[]> {
  const threads = Math.min(availableParallelism(), files.length)
  const inspection = openInspection({ ...defaults, threads }, () => {})
  const progress = startProgress(files.length)
  const examined: Examined[] = []
  const entries = files.entries()
  const work = async (): Promise<void> => {
    for (const [index, file] of entries) {
      examined[index] = await examine(file, policy, inspection)
      progress.advance(file)
    }
  }
  try {
    await Promise.all(Array.from({ length: threads }, work))
    return examined
  } finally {
    progress.stop()
    await inspection.close()
  }
}
