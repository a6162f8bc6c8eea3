import type { ConfigurationAction } from '../ledger/ledger.ts'
import { openLedger } from '../ledger/open-ledger.ts'
import { type HistoryEntry, historyOf } from './history.ts'
import { type KeptTexts, openKeptTexts } from './kept-texts.ts'
import type { EffectDetails, EndDetails, EntryDetails } from './record.ts'
import type { By } from './request.ts'

/** What the ledger has of one configuration file, with the texts beside it. Rejects where a disk fails. */
export interface Journal {
  readonly texts: KeptTexts
  /** Oldest first. */
  readonly entries: () => Promise<readonly HistoryEntry[]>
  readonly enter: (action: HistoryEntry['action'], by: By, details: EntryDetails) => Promise<void>
  readonly end: (state: 'confirm' | 'revert', by: By, details: EndDetails) => Promise<void>
  readonly measured: (by: By, details: EffectDetails) => Promise<void>
}

/** Where the texts are kept that a ledger speaks of. */
function textsFolder(ledger: string): string {
  return `${ledger}.configurations`
}

/** `ledger`: path of the ledger's file. `file`: absolute path of the configuration file, which entries are about. */
export async function openJournal(ledger: string, file: string): Promise<Journal> {
  const opened = await openLedger({ file: ledger })
  const write = (action: ConfigurationAction, by: By, details: EntryDetails | EndDetails | EffectDetails) =>
    opened.append({ action, ...by, subject: file, details })
  return {
    texts: openKeptTexts(textsFolder(ledger)),
    entries: async () => historyOf(await opened.about(file)),
    enter: (action, by, details) => write(`configuration.${action}`, by, details),
    end: (state, by, details) => write(`configuration.${state}`, by, details),
    measured: (by, details) => write('configuration.effect', by, details),
  }
}
