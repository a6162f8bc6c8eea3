import { hashOf } from '../config/snapshot.ts'
import type { Difference } from '../difference/difference.ts'
import { differencesOf } from '../difference/differences.ts'
import type { Violation } from '../problems/violation.ts'
import { prepareReplacement } from './durable-file.ts'
import { entryDetailsOf } from './entry-details.ts'
import { exchange } from './exchange.ts'
import type { HistoryEntry } from './history.ts'
import type { Journal } from './journal.ts'
import { failedWith } from './outcome.ts'
import type { EntryDetails } from './record.ts'
import type { By } from './request.ts'
import type { Configured, Surroundings } from './surroundings.ts'
import { unloadedText } from './unloaded-text.ts'

/** Something that is to be put in force. */
export interface Put extends Pick<EntryDetails, 'expected' | 'window' | 'to' | 'trial' | 'via'> {
  readonly action: HistoryEntry['action']
  readonly by: By
  readonly next: Configured
  /** Whether the file gets the text too; it has it already where it was read from there, and not yet in a trial. */
  readonly replaces: boolean
}

export type Done =
  | {
      readonly ok: true
      readonly number: number | null
      readonly differences: readonly Difference[]
      readonly overwritten: string | null
    }
  | { readonly ok: false; readonly violation: Violation }

/** Texts that are kept, of the latest entries. */
const keptEntries = 100

/** Puts a configuration in force, on the record and, where it is said, in the file. Never rejects. */
export async function put(given: Put, surroundings: Surroundings): Promise<Done> {
  const { gateway, journal, file } = surroundings
  const before = gateway.loaded()
  const { next, replaces } = given
  try {
    const differences = differencesOf(before.snapshot, next.snapshot)
    const number = journal === null ? null : nextNumber(await journal.entries())
    const lost = replaces ? await unloadedText(file, [before, next]) : null
    const overwritten = lost === null ? null : hashOf(lost)
    const texts = [before.material.text, next.material.text, ...(lost === null ? [] : [lost])]
    for (const text of texts) await journal?.texts.keep(text)
    const details = entryDetailsOf(
      { ...detailsIn(given), number: number ?? 1, overwritten },
      before.snapshot,
      next.snapshot,
      differences,
    )
    const violation = await exchange(
      {
        before,
        next,
        way: given.trial === null ? 'forGood' : 'onTrial',
        prepare: replaces ? () => prepareReplacement(file, next.material.text) : null,
        record: async () => journal?.enter(given.action, given.by, details),
        retract: async () => retract(journal, details.number),
      },
      surroundings,
    )
    if (violation !== null) return { ok: false, violation }
    await tidy(surroundings)
    return { ok: true, number, differences, overwritten }
  } catch (error) {
    return { ok: false, violation: failedWith('configuration.failed', error) }
  }
}

function detailsIn({
  expected,
  window,
  to,
  trial,
  via,
}: Put): Pick<Put, 'expected' | 'window' | 'to' | 'trial' | 'via'> {
  return { expected, window, to, trial, via }
}

export function nextNumber(entries: readonly HistoryEntry[]): number {
  return (entries.at(-1)?.number ?? 0) + 1
}

async function retract(journal: Journal | null, number: number): Promise<void> {
  const by = { who: 'sluice', why: 'the configuration file could not be written' }
  await journal?.end('revert', by, { of: number, reason: 'file', guard: null, value: null, numbers: null })
}

/** That there is too much on the disk is no reason to undo a change. */
async function tidy({ journal, log }: Surroundings): Promise<void> {
  if (journal === null) return
  try {
    const latest = (await journal.entries()).slice(-keptEntries)
    const hashes = latest.flatMap(({ before, after, overwritten }) => [before, after, overwritten])
    await journal.texts.forgetAllBut(new Set(hashes.filter((hash) => hash !== null)))
  } catch (err) {
    log.warn({ err }, 'texts of old configurations could not be removed')
  }
}
