import { differencesOf } from '../difference/differences.ts'
import { entryDetailsOf } from './entry-details.ts'
import { type HistoryEntry, latestStayed } from './history.ts'
import type { Journal } from './journal.ts'
import { nextNumber } from './put.ts'
import type { By } from './request.ts'
import type { Surroundings } from './surroundings.ts'

const who = 'sluice'

/**
 * Brings the ledger in line with what a gateway has started with: a trial that a stop or a crash ended, and a file that is
 * not as the ledger has it. Gives the entry in force. Rejects where the ledger cannot be used.
 */
export async function recordStart(
  journal: Journal,
  surroundings: Pick<Surroundings, 'gateway' | 'load'>,
): Promise<HistoryEntry> {
  const { snapshot, material } = surroundings.gateway.loaded()
  await journal.texts.keep(material.text)
  await endTrial(journal, snapshot.hash)
  const entries = await journal.entries()
  const latest = latestStayed(entries)
  if (latest?.after === snapshot.hash) return latest
  const number = nextNumber(entries)
  await enterStart(journal, { number, latest }, surroundings)
  const entered = (await journal.entries()).find((entry) => entry.number === number)
  if (entered === undefined) throw new Error('the ledger does not have what was just written to it')
  return entered
}

/** Its file is left alone during a trial: the earlier text says that nobody confirmed it. */
async function endTrial(journal: Journal, hash: string): Promise<void> {
  const last = (await journal.entries()).at(-1)
  if (last === undefined || last.action !== 'trial' || last.end !== null) return
  const isKept = last.after === hash
  const by = { who, why: isKept ? 'started with the configuration on trial' : 'the gateway stopped during the trial' }
  const details = { of: last.number, reason: 'restart', guard: null, value: null, numbers: null } as const
  await journal.end(isKept ? 'confirm' : 'revert', by, details)
}

async function enterStart(
  journal: Journal,
  { number, latest }: { readonly number: number; readonly latest: HistoryEntry | null },
  { gateway, load }: Pick<Surroundings, 'gateway' | 'load'>,
): Promise<void> {
  const { snapshot } = gateway.loaded()
  const text = latest === null ? null : await journal.texts.read(latest.after)
  const earlier = text === null ? null : load(text)
  const before = earlier?.ok === true ? earlier.snapshot : null
  const known = {
    number,
    expected: null,
    window: null,
    to: null,
    trial: null,
    overwritten: null,
    via: 'start',
  } as const
  const details = entryDetailsOf(known, before, snapshot, before === null ? null : differencesOf(before, snapshot))
  const by: By = {
    who,
    why: latest === null ? 'first start with this ledger' : 'started with another file than before',
  }
  await journal.enter('start', by, { ...details, before: latest?.after ?? null })
}
