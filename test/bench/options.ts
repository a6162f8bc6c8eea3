import { parseArgs } from 'node:util'
import { full, names, quick, type Scale } from './workloads.ts'

export interface Options extends Scale {
  /** Names of workloads and checks. */
  readonly only: ReadonlySet<string>
  readonly write: boolean
  /** A file for all figures of all rounds. */
  readonly json: string | null
  /** Folder for spools, temporary files and logs. */
  readonly scratch: string
}

export const usage = `Usage: npm run bench -- [OPTIONS]

Measures Sluice beside nginx and plain Node on this machine; prints Markdown tables.

  --quick          a shorter run, for trying things out
  --only NAME      ${names.join(', ')}; may be given more than once
  --rounds N       how often each contender has its turn
  --seconds N      for how long \`lanes\` watches each load
  --scratch DIR    for spools and temporary files: a disk with 15 GiB free (TMPDIR, or /var/tmp)
  --write          also write docs/benchmark.md; needs a full run
  --json FILE      also write the figures of every round
  -h, --help       this text

Exit code: 0 fine, 1 where a measurement or the memory check failed, 2 for a wrong command line.
`

/** Errors: what is wrong with the command line, as a text for its user. Null for --help. */
export function readOptions(argv: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: names },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      json: { type: 'string' },
      scratch: { type: 'string', default: process.env['TMPDIR'] ?? '/var/tmp' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return null
  const { only, scratch, write } = values
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`--only ${unknown}: expected one of ${names.join(', ')}`)
  if (write && (values.quick || only.length < names.length)) throw new Error('--write needs a full run')
  const scale = values.quick ? quick : full
  const rounds = numberOf('rounds', values.rounds) ?? scale.rounds
  const lanes = { ...scale.lanes, seconds: numberOf('seconds', values.seconds) ?? scale.lanes.seconds }
  return { ...scale, rounds, lanes, only: new Set(only), write, json: values.json ?? null, scratch }
}

function numberOf(option: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= 60) return number
  throw new Error(`--${option}: expected a whole number from 1 to 60`)
}
