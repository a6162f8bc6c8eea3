import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { withinDeadline } from '../disk-deadline.ts'
import { violation } from '../problems/violation.ts'
import type { Counters } from './counters.ts'
import { examine } from './examine.ts'
import type { Guard } from './guards/guard.ts'
import { printGuard } from './guards/print.ts'
import type { HistoryEntry } from './history.ts'
import type { Measuring } from './measuring.ts'
import { type ChangeOutcome, type ConfigurationState, refused } from './outcome.ts'
import { type Put, put } from './put.ts'
import { readWithin } from './read-within.ts'
import type { EntryDetails } from './record.ts'
import type { Application, By, Rollback } from './request.ts'
import { findTarget } from './rollback-target.ts'
import { asked, type RunningTrial } from './running-trial.ts'
import type { Configured, Surroundings } from './surroundings.ts'
import type { Over } from './trial.ts'

/** The ways to change what is in force. Calls must not overlap. */
export interface Changing {
  readonly state: () => ConfigurationState
  /** `end` is asked to end the trial, where the application begins one. */
  readonly apply: (application: Application, end: EndTrial) => Promise<ChangeOutcome>
  readonly rollback: (rollback: Rollback) => Promise<ChangeOutcome>
  /** `text`: what the file has now. */
  readonly reload: (text: string, via: EntryDetails['via'], by: By) => Promise<ChangeOutcome>
  readonly confirm: (by: By) => Promise<ChangeOutcome>
}

/** False where it could not be ended. */
export type EndTrial = (number: number, over: Over) => Promise<boolean>

type Standing = Pick<ConfigurationState, 'number' | 'who' | 'why' | 'since'>

interface Parts {
  readonly measuring: Measuring
  readonly trial: RunningTrial
  /** Of the configuration that the gateway has started with; null without a ledger. */
  readonly started: HistoryEntry | null
}

/** Milliseconds over which the effect of a reload is measured, for which nobody could say otherwise. */
const usualWindow = 3_600_000

export function createChanging(surroundings: Surroundings, { measuring, trial, started }: Parts): Changing {
  const { gateway, journal, file, readCounters, clock, log } = surroundings
  const now = (): string => new Date(clock.now()).toISOString()
  let standing: Standing =
    started === null
      ? { number: null, who: 'sluice', why: 'started', since: now() }
      : { number: started.number, who: started.who, why: started.why, since: started.time }

  /** Without what was counted before, there is nothing to compare with: the change is made all the same. */
  const count = () =>
    readWithin(readCounters).catch((err: unknown) => {
      log.warn({ err }, 'the effect of a change is not measured')
      return null
    })

  const putInForce = async (given: Put, counters: Counters | null): Promise<ChangeOutcome> => {
    const done = await put(given, surroundings)
    if (!done.ok) return refused(done.violation)
    const { number, differences, overwritten } = done
    await measuring.end('change')
    if (number !== null && counters !== null) measuring.begin(number, given.window ?? usualWindow, counters)
    if (given.trial === null) standing = { number, ...given.by, since: now() }
    const { hash } = given.next.snapshot
    return { outcome: 'applied', number, hash, differences, trial: null, overwritten }
  }

  const tryOut = async (
    given: Omit<Put, 'action' | 'trial' | 'replaces'>,
    lasts: number,
    guards: readonly Guard[],
    end: EndTrial,
  ): Promise<ChangeOutcome> => {
    if (await hasText(file, given.next)) return refused(violation('configuration.file', alreadyThere))
    const counters = await count()
    if (counters === null) return refused(violation('configuration.failed', { failed: 'the counters cannot be read' }))
    const before = gateway.loaded()
    const until = clock.now() + lasts
    const written = { until: new Date(until).toISOString(), guards: guards.map(printGuard) }
    const outcome = await putInForce({ ...given, action: 'trial', trial: written, replaces: false }, counters)
    if (outcome.outcome !== 'applied' || outcome.number === null) return outcome
    const { number, hash } = outcome
    const state = { number, hash, before: before.snapshot.hash, ...given.by, since: now(), ...written }
    trial.begin({ state, before, guards, baseline: counters, until }, (over) => end(number, over))
    return { ...outcome, trial: state }
  }

  const isInForce = ({ material }: Configured): boolean => isDeepStrictEqual(material, gateway.loaded().material)
  const inForce = (): ChangeOutcome => ({ outcome: 'unchanged', hash: gateway.loaded().snapshot.hash })

  return {
    state() {
      const running = trial.current()?.state
      const { hash } = gateway.loaded().snapshot
      if (running === undefined) return { hash, ...standing, trial: null }
      const { number, who, why, since } = running
      return { hash, number, who, why, since, trial: running }
    },

    async apply({ text, who, why, expected, window, trial: lasts, guards: written }, end) {
      if (trial.current() !== null) return refused(violation('configuration.onTrial'))
      if (journal === null) return refused(violation('configuration.noLedger'))
      if (lasts === null && written.length > 0) return refused(violation('configuration.guard', guardsWithoutTrial))
      const examined = examine(text, written, surroundings)
      if (!examined.ok) return refused(...examined.violations)
      const { next, guards } = examined
      if (isInForce(next)) return inForce()
      const given = { by: { who, why }, next, expected, window, to: null, via: 'operations' } as const
      if (lasts !== null) return tryOut(given, lasts, guards, end)
      return putInForce({ ...given, action: 'apply', trial: null, replaces: true }, await count())
    },

    async rollback({ number, who, why, window }) {
      const by = { who, why }
      if (trial.current() !== null)
        return number === null ? trial.revert(by, asked) : refused(violation('configuration.onTrial'))
      if (journal === null) return refused(violation('configuration.noLedger'))
      const found = await findTarget(journal, number)
      if ('id' in found) return refused(found)
      // The policies of what was in force before may lack owners: the way back must not be barred by that.
      const examined = examine(found.text, [], surroundings, { asksForOwners: false })
      if (!examined.ok) return refused(...examined.violations)
      const { next } = examined
      if (isInForce(next)) return inForce()
      const given = {
        by,
        next,
        expected: null,
        window,
        to: found.entry.number,
        trial: null,
        via: 'operations',
      } as const
      return putInForce({ ...given, action: 'rollback', replaces: true }, await count())
    },

    async reload(text, via, by) {
      if (trial.current() !== null) return refused(violation('configuration.onTrial'))
      const examined = examine(text, [], surroundings)
      if (!examined.ok) return refused(...examined.violations)
      const { next } = examined
      if (isInForce(next)) return inForce()
      const given = { by, next, expected: null, window: usualWindow, to: null, trial: null, via } as const
      return putInForce({ ...given, action: 'apply', replaces: false }, await count())
    },

    async confirm(by) {
      const running = trial.current()?.state
      const outcome = await trial.confirm(by)
      if (outcome.outcome === 'confirmed' && running !== undefined) {
        const { number, who, why, since } = running
        standing = { number, who, why, since }
      }
      return outcome
    },
  }
}

const guardsWithoutTrial = { failed: 'there are guards and no trial', expected: 'a trial as well' }

const alreadyThere = {
  failed: 'the configuration file has this text already, so that a restart would not bring back the one before',
  expected: 'the text on trial in another file, and the configuration file as it is in force',
}

async function hasText(file: string, { material }: Configured): Promise<boolean> {
  const text = await withinDeadline(readFile(file, 'utf8')).catch(() => null)
  return text === material.text
}
