import { printable } from '../printable.ts'
import { decisionDefect } from '../quarantine/review/decision.ts'
import type { QuarantineReview } from '../quarantine/review/review.ts'
import { exits, readArguments, refuse, type ValuesOf } from './arguments.ts'
import { deleteOne, releaseOne, type Told } from './quarantine/decide.ts'
import { withReview } from './quarantine/open.ts'
import { list, show } from './quarantine/report.ts'
import { save } from './quarantine/save.ts'
import { systemUser } from './system-user.ts'

const usage = `Usage: sluice quarantine list -c FILE [--json]
       sluice quarantine show ID -c FILE [--json | --part N --output FILE]
       sluice quarantine release ID -c FILE --reason WHY [--by WHO] [--again] [--json]
       sluice quarantine delete ID -c FILE --reason WHY [--by WHO] [--again] [--json]

Reviews the entries of the quarantine: requests that were refused and kept. Works whether or not the gateway runs.

list     all entries, oldest first, and then those that cannot be read: damaged, or their key is not configured
show     one entry: its request, what was found in it, and its parts; with --part, saves the content of one in a file
release  sends the whole request to its backend, once; who did and why goes to the ledger
delete   removes an entry, also one that cannot be read; who did and why goes to the ledger

An entry is held; releasing or deleting, while somebody is at it; released, where the backend took it and the entry could
not be removed; unclear, where its release was begun and nobody knows whether the backend took it.

  -c, --config FILE  the configuration of the gateway
      --reason WHY   for the ledger
      --by WHO       for the ledger; the user of the system where it is absent
      --again        go on although an earlier release may have reached the backend; look there first
      --part N       the number of a part, as show lists them
      --output FILE  a new file; it may be dangerous, and must not be opened carelessly
      --json         one JSON document

Exit code: 0 where it was done, 1 where it was not, 2 for a wrong command line.
`

const options = {
  config: { type: 'string', short: 'c' },
  by: { type: 'string' },
  reason: { type: 'string' },
  again: { type: 'boolean' },
  json: { type: 'boolean' },
  part: { type: 'string' },
  output: { type: 'string' },
} as const

type Values = ValuesOf<typeof options>
type Act = (review: QuarantineReview) => Promise<Told>

export async function quarantine(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 'some' })
  if (read.exit !== undefined) return read.exit
  const act = actOf(read.positionals, read.values)
  if (typeof act === 'string') return refuse(act, usage).exit
  if (read.values.config === undefined) return refuse('a configuration is missing: -c FILE', usage).exit
  const told = await withReview(read.values.config, act)
  process[told.exit === exits.fine || read.values.json ? 'stdout' : 'stderr'].write(told.text)
  return told.exit
}

/** What the command line asks for, or what is wrong with it. */
function actOf([name = '', id, ...others]: readonly string[], values: Values): Act | string {
  const { json = false, part, output } = values
  const [extra] = others
  if (extra !== undefined) return `unexpected argument ${JSON.stringify(extra)}`
  if (name === 'list')
    return id === undefined ? (review) => list(review, json) : `unexpected argument ${JSON.stringify(id)}`
  if (!['show', 'release', 'delete'].includes(name)) return `unknown action ${JSON.stringify(printable(name))}`
  if (id === undefined) return 'the id of an entry is missing'
  if (name === 'show') return showOrSave(id, json, part, output)
  const { reason = '', by = systemUser(), again = false } = values
  if (reason === '') return '--reason is missing'
  const decision = { id, who: by, why: reason, again, via: 'command' } as const
  const defect = decisionDefect(decision)
  if (defect !== null) return defect.replace(/^who/, '--by').replace(/^why/, '--reason')
  return (review) => (name === 'release' ? releaseOne(review, decision, json) : deleteOne(review, decision, json))
}

function showOrSave(id: string, json: boolean, part: string | undefined, output: string | undefined): Act | string {
  if (part === undefined && output === undefined) return (review) => show(review, id, json)
  if (part === undefined) return '--part is missing'
  if (output === undefined) return '--output is missing'
  if (!/^[1-9][0-9]{0,5}$/.test(part)) return '--part is no number of a part'
  return (review) => save(review, id, Number(part), output)
}
