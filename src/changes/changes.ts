import { readFile } from 'node:fs/promises'
import type { Difference } from '../difference/difference.ts'
import { differencesOf } from '../difference/differences.ts'
import { withinDeadline } from '../disk-deadline.ts'
import { type Changing, createChanging } from './changing.ts'
import { systemClock } from './clock.ts'
import { examine } from './examine.ts'
import type { HistoryEntry } from './history.ts'
import { openJournal } from './journal.ts'
import { createMeasuring } from './measuring.ts'
import { type ChangeOutcome, type ConfigurationState, failedWith, type Refused, refused } from './outcome.ts'
import { createQueue } from './queue.ts'
import { recordStart } from './record-start.ts'
import type { Application, By, Proposal, Rollback } from './request.ts'
import { asked, createRunningTrial, type RunningTrial } from './running-trial.ts'
import type { Surroundings } from './surroundings.ts'
import { createTeller } from './teller.ts'
import type { Over } from './trial.ts'
import { watchFile } from './watch-file.ts'

export type Checked =
  | { readonly outcome: 'fine'; readonly hash: string; readonly differences: readonly Difference[] }
  | Refused

/** Who asks for a reload. */
export type ReloadVia = 'signal' | 'watch' | 'operations'

/** All ways in which the configuration of a running gateway changes: one at a time, each to its end. Refusals are values. */
export interface Changes {
  readonly state: () => ConfigurationState
  /** Oldest first; empty without a ledger. Rejects where the ledger cannot be read. */
  readonly history: () => Promise<readonly HistoryEntry[]>
  /** What would come of an application, without any effect. */
  readonly check: (proposal: Proposal) => Checked
  readonly apply: (application: Application) => Promise<ChangeOutcome>
  readonly rollback: (rollback: Rollback) => Promise<ChangeOutcome>
  /** Reads the configuration file again. */
  readonly reload: (via: ReloadVia, by: By) => Promise<ChangeOutcome>
  readonly confirm: (by: By) => Promise<ChangeOutcome>
  readonly revert: (by: By) => Promise<ChangeOutcome>
  /** Waits for the change that is being made. A trial is left to the next start. */
  readonly close: () => Promise<void>
}

export interface ChangesOptions extends Omit<Surroundings, 'journal' | 'clock' | 'file'> {
  /** Absent but in tests. */
  readonly clock?: Surroundings['clock']
}

/** To be opened once the gateway serves. Rejects where the ledger cannot be used. */
export async function openChanges({ clock = systemClock, ...options }: ChangesOptions): Promise<Changes> {
  const { file, configuration } = options.gateway.loaded().snapshot
  const ledger = configuration.ledger.file
  const journal = ledger === null ? null : await openJournal(ledger, file)
  const surroundings: Surroundings = { ...options, clock, file, journal }
  const started = journal === null ? null : await recordStart(journal, surroundings)
  const measuring = createMeasuring(surroundings)
  const trial = createRunningTrial(surroundings, measuring)
  const changing = createChanging(surroundings, { measuring, trial, started })
  return serialised(surroundings, { changing, trial, end: () => measuring.end('stop') })
}

interface Parts {
  readonly changing: Changing
  readonly trial: RunningTrial
  readonly end: () => Promise<void>
}

function serialised(surroundings: Surroundings, { changing, trial, end }: Parts): Changes {
  const { gateway, file, journal, clock } = surroundings
  const queue = createQueue()
  const tell = createTeller(surroundings)
  const inTurn = (change: () => Promise<ChangeOutcome>): Promise<ChangeOutcome> =>
    queue(async () =>
      tell(await change().catch((error: unknown) => refused(failedWith('configuration.failed', error)))),
    )

  const reload = (via: ReloadVia, by: By): Promise<ChangeOutcome> =>
    inTurn(async () => {
      const text = await withinDeadline(readFile(file, 'utf8')).catch((error: unknown) =>
        failedWith('configuration.faulty', error),
      )
      return typeof text === 'string' ? changing.reload(text, via, by) : refused(text)
    })

  const endTrial = (number: number, over: Over): Promise<boolean> =>
    queue(async () => {
      // Somebody may have ended it while this waited.
      if (trial.current()?.state.number !== number) return true
      const outcome = tell(await trial.revert({ who: 'sluice', why: reasonOf(over) }, over))
      return outcome.outcome !== 'refused'
    })

  const stopWatching = watchFile(
    file,
    () => {
      // The configuration in force says whether this is wanted, and another one may say something else.
      if (!gateway.loaded().snapshot.configuration.process.reload.watch) return
      void reload('watch', { who: 'sluice', why: 'the file has changed' })
    },
    clock,
  )

  return {
    state: changing.state,
    history: async () => (await journal?.entries()) ?? [],
    check: (proposal) => check(proposal, surroundings),
    apply: (application) => inTurn(() => changing.apply(application, endTrial)),
    rollback: (rollback) => inTurn(() => changing.rollback(rollback)),
    reload,
    confirm: (by) => inTurn(() => changing.confirm(by)),
    revert: (by) => inTurn(() => trial.revert(by, asked)),
    close() {
      stopWatching()
      trial.abandon()
      return queue(end)
    },
  }
}

function check({ text, guards }: Proposal, surroundings: Surroundings): Checked {
  const examined = examine(text, guards, surroundings)
  if (!examined.ok) return refused(...examined.violations)
  const { snapshot } = examined.next
  const differences = differencesOf(surroundings.gateway.loaded().snapshot, snapshot)
  return { outcome: 'fine', hash: snapshot.hash, differences }
}

function reasonOf({ reason, guard }: Over): string {
  if (reason === 'guard') return `a guard did not hold: ${guard}`
  return reason === 'time' ? 'nobody confirmed the trial in time' : 'the guards of the trial could not be judged'
}
