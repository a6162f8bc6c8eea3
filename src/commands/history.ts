import { access } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { openJournal } from '../changes/journal.ts'
import { readDraft } from '../config/read-draft.ts'
import { describeFault, jsonDocument } from '../printable.ts'
import { exits, readArguments, refuse } from './arguments.ts'
import { readEntryNumber } from './changes/entry-number.ts'
import { entryPage, historyRows } from './changes/history-report.ts'
import { loadOrTell } from './load.ts'
import { tellFailure } from './tell-failure.ts'

const usage = `Usage: sluice history [N] -c FILE [--json]

Says who changed the configuration, when and why, what that loosened and tightened, what was expected and what was
measured; the latest first. With N, all of one entry, with its text. Works whether or not the gateway runs.

  -c, --config FILE  the gateway's own configuration, whose ledger is read
      --json         one JSON document

Exit code: 0 fine, 1 where the ledger cannot be read or has no such entry, 2 for a wrong command line.
`

const options = { config: { type: 'string', short: 'c' }, json: { type: 'boolean' } } as const

export async function history(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 'any' })
  if (read.exit !== undefined) return read.exit
  const { config, json = false } = read.values
  const number = readEntryNumber(read.positionals)
  if (typeof number === 'string') return refuse(number, usage).exit
  if (config === undefined) return refuse('a configuration is missing: -c FILE', usage).exit
  // What is wrong with the file now does not change what happened.
  const draft = readDraft(config, process.env)
  if (draft === null && loadOrTell(config) === null) return exits.failed
  const ledger = draft?.ledger?.file ?? null
  if (ledger === null) return tellFailure(`${config} has no ledger: ledger.file`)
  try {
    return await tell(resolve(dirname(config), ledger), resolve(config), number, json)
  } catch (error) {
    return tellFailure(describeFault(error))
  }
}

async function tell(ledger: string, file: string, number: number | null, json: boolean): Promise<number> {
  // Looking must not make the ledger.
  await access(ledger)
  const journal = await openJournal(ledger, file)
  const entries = await journal.entries()
  if (number === null) {
    const listed = entries.toReversed()
    return print(json ? jsonDocument({ entries: listed }) : linesOf(historyRows(listed)))
  }
  const entry = entries.find((each) => each.number === number)
  if (entry === undefined) return tellFailure(`there is no entry ${number}`)
  const text = await journal.texts.read(entry.after)
  return print(json ? jsonDocument({ ...entry, text }) : linesOf(entryPage(entry, text)))
}

function linesOf(rows: readonly string[]): string {
  return `${rows.join('\n')}\n`
}

function print(text: string): number {
  process.stdout.write(text)
  return exits.fine
}
