import { routesOf } from '../gateway/routes.ts'
import { describeFault } from '../printable.ts'
import { sizeOf } from '../replay/read-audit.ts'
import { replay as replayAll } from '../replay/replay.ts'
import type { Tally } from '../replay/tally.ts'
import { readingProgress } from '../terminal/reading-progress.ts'
import { exits, readArguments, refuse } from './arguments.ts'
import { loadOrTell } from './load.ts'
import { jsonReport, textReport } from './replay/report.ts'
import { tellFailure } from './tell-failure.ts'

const usage = `Usage: sluice replay AUDIT... -c NEW [--examples N] [--json]

Says what a new configuration would have done with the uploads of the past: reads audit files, chooses the route of each
upload again, and has the policy there decide again on the facts that were recorded. Changes nothing, sends nothing.

  AUDIT         audit files; .gz is unpacked, and - is standard input
  -c NEW        the new configuration
  --examples N  as many of each kind, 3 where it is absent
  --json        one JSON document

newly refused   was let through, and would not be, or would lose files
newly admitted  was refused, and would be let through
other reasons   refused then and now, by other rules
undecidable     needs something that nobody looked at then: it is not guessed

Exit code: 0 where nothing would be newly refused and nothing is undecidable, 1 where a file cannot be read or has no line
of an audit, 2 for a wrong command line, 3 otherwise.
`

const options = {
  config: { type: 'string', short: 'c' },
  examples: { type: 'string' },
  json: { type: 'boolean' },
} as const

const mostExamples = 10_000

export async function replay(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 'some' })
  if (read.exit !== undefined) return read.exit
  const { config, examples = '3', json = false } = read.values
  if (config === undefined) return refuse('a configuration is missing: -c FILE', usage).exit
  const kept = /^\d{1,5}$/.test(examples) ? Number(examples) : Number.NaN
  if (!(kept <= mostExamples)) return refuse(`--examples is a number from 0 to ${mostExamples}`, usage).exit
  const loaded = loadOrTell(config)
  if (loaded === null) return exits.failed
  try {
    const tally = await withProgress(read.positionals, (onProgress) =>
      replayAll(read.positionals, routesOf(loaded.snapshot), { examples: kept, onProgress }),
    )
    process.stdout.write(json ? jsonReport(tally) : textReport(tally))
    return exitOf(tally)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return tellFailure(`an audit cannot be read: ${describeFault(error)}`)
  }
}

async function withProgress<Result>(
  files: readonly string[],
  work: (onProgress: (bytes: number, lines: number) => void) => Promise<Result>,
): Promise<Result> {
  const progress = readingProgress(await sizeOf(files))
  try {
    return await work(progress.advance)
  } finally {
    progress.stop()
  }
}

function exitOf({ lines, uploads }: Tally): number {
  const unreadable = lines.foreign + lines.tooLong
  if (lines.total > 0 && unreadable === lines.total) {
    return tellFailure('no line of it is one of an audit: expected what audit.file names')
  }
  return uploads.stricter + uploads.undecidable > 0 ? exits.warnings : exits.fine
}
