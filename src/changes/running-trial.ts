import { hashOf } from '../config/snapshot.ts'
import { violation } from '../problems/violation.ts'
import { prepareReplacement } from './durable-file.ts'
import { changeTo, exchange } from './exchange.ts'
import type { Measuring } from './measuring.ts'
import { type ChangeOutcome, refused } from './outcome.ts'
import type { EndDetails } from './record.ts'
import type { By } from './request.ts'
import type { Surroundings } from './surroundings.ts'
import { type Over, type Trial, watchTrial } from './trial.ts'
import { unloadedText } from './unloaded-text.ts'

/** The trial that runs, if one does. Calls must not overlap, except `current`. */
export interface RunningTrial {
  readonly current: () => Trial | null
  /** `end` is asked to end it, once it is over. */
  readonly begin: (trial: Trial, end: (over: Over) => Promise<boolean>) => void
  readonly confirm: (by: By) => Promise<ChangeOutcome>
  readonly revert: (by: By, over: Over) => Promise<ChangeOutcome>
  /** Leaves it to the next start, which has the configuration before. */
  readonly abandon: () => void
}

export const asked: Over = { reason: 'asked', guard: null, value: null }

export function createRunningTrial(surroundings: Surroundings, measuring: Measuring): RunningTrial {
  const { gateway, journal, file, metrics, log } = surroundings
  let running: { readonly trial: Trial; readonly stop: () => void } | null = null

  const clear = (): void => {
    running?.stop()
    running = null
    metrics.configurationTrial.set(0)
  }

  const detailsOf = async ({ state }: Trial, over: Over): Promise<EndDetails> => ({
    ...over,
    of: state.number,
    numbers: await measuring.numbers(),
  })

  return {
    current: () => running?.trial ?? null,

    begin(trial, end) {
      running = { trial, stop: watchTrial(trial, surroundings, end) }
      metrics.configurationTrial.set(1)
    },

    async confirm(by) {
      if (running === null) return refused(violation('configuration.noTrial'))
      const { trial } = running
      const { text } = gateway.loaded().material
      const lost = await unloadedText(file, [trial.before, gateway.loaded()])
      if (lost !== null) await journal?.texts.keep(lost)
      const details = await detailsOf(trial, asked)
      const overwritten = lost === null ? {} : { overwritten: hashOf(lost) }
      const fault = await exchange(
        {
          before: trial.before,
          next: null,
          way: 'forGood',
          prepare: () => prepareReplacement(file, text),
          record: async () => journal?.end('confirm', by, { ...details, ...overwritten }),
          retract: async () => journal?.end('revert', by, { ...details, reason: 'file' }),
        },
        surroundings,
      )
      const { hash } = gateway.loaded().snapshot
      // A file that could not be written at the last has taken it back.
      if (fault === null || hash !== trial.state.hash) clear()
      if (fault === null) gateway.settle()
      return fault === null ? { outcome: 'confirmed', number: trial.state.number, hash } : refused(fault)
    },

    async revert(by, over) {
      if (running === null) return refused(violation('configuration.noTrial'))
      const { trial } = running
      const details = await detailsOf(trial, over)
      const why = await changeTo(trial.before, gateway, 'back')
      if (why !== null) return refused(violation('configuration.unproven', { failed: why }))
      clear()
      measuring.drop()
      // Nothing may keep a bad configuration in force; the next start finds out what the ledger lacks.
      await journal
        ?.end('revert', by, details)
        .catch((err: unknown) => log.error({ err }, 'the end of a trial is not on record'))
      return { outcome: 'reverted', number: trial.state.number, hash: gateway.loaded().snapshot.hash }
    },

    abandon: () => running?.stop(),
  }
}
