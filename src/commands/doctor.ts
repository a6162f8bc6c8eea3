import { jsonDocument, printable } from '../printable.ts'
import { padded } from '../terminal/text.ts'
import { exits, readArguments, refuse } from './arguments.ts'
import type { Diagnosis } from './doctor/diagnosis.ts'
import { examine } from './doctor/examine.ts'
import { loadOrTell } from './load.ts'

const usage = `Usage: sluice doctor -c FILE [--json]

Checks what a configuration relies on: disks, services, and scanners, which are shown files that they must find.
Says of everything that is wrong how to mend it. Changes nothing, and sends no file of yours anywhere.

  -c FILE   the configuration
  --json    one JSON document

Exit code: 0 where all is well, 1 where something fails, 2 for a wrong command line, 3 for warnings only.
`

const options = { config: { type: 'string', short: 'c' }, json: { type: 'boolean' } } as const

export async function doctor(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 0 })
  if (read.exit !== undefined) return read.exit
  const { config, json = false } = read.values
  if (config === undefined) return refuse('a configuration is missing: -c FILE', usage).exit
  const loaded = loadOrTell(config)
  if (loaded === null) return exits.failed
  const found = await examine(loaded.snapshot)
  process.stdout.write(json ? jsonDocument({ checks: found }) : table(found))
  if (found.some(({ level }) => level === 'fail')) return exits.failed
  return found.some(({ level }) => level === 'warn') ? exits.warnings : exits.fine
}

function table(found: readonly Diagnosis[]): string {
  const width = Math.max(...found.map(({ what }) => what.length))
  const rows = found.flatMap(({ level, what, detail, fix }) => {
    const row = `${padded(level, 4)}  ${padded(what, width)}  ${printable(detail)}`
    return fix === null ? [row] : [row, `${' '.repeat(width + 8)}fix: ${printable(fix)}`]
  })
  return `${rows.join('\n')}\n`
}
