import type { ChangeOutcome } from './outcome.ts'
import type { Surroundings } from './surroundings.ts'

/** Tells metrics and the log what became of a try to change the configuration. */
export function createTeller({
  metrics,
  log,
  clock,
}: Pick<Surroundings, 'metrics' | 'log' | 'clock'>): (outcome: ChangeOutcome) => ChangeOutcome {
  metrics.configurationReloadSuccessful.set(1)
  metrics.configurationTrial.set(0)
  metrics.configurationApplied.set(clock.now() / 1000)
  return (outcome) => {
    // Whoever ends a trial that nobody runs has tried no configuration.
    if (outcome.outcome === 'refused' && outcome.violations[0].id === 'configuration.noTrial') return outcome
    metrics.configurationReloadSuccessful.set(outcome.outcome === 'refused' ? 0 : 1)
    if (outcome.outcome === 'applied' || outcome.outcome === 'reverted')
      metrics.configurationApplied.set(clock.now() / 1000)
    if (outcome.outcome !== 'confirmed') metrics.configurationReloads.of({ result: outcome.outcome }).inc()
    if (outcome.outcome === 'refused') {
      const problems = outcome.violations.map(({ id, failed, expected }) => ({ id, failed, expected }))
      log.warn({ problems: problems.slice(0, mostLogged) }, 'a change of the configuration is refused')
    } else if (outcome.outcome === 'applied') {
      const { number, hash, trial } = outcome
      log.info({ number, hash, trial: trial?.until ?? null }, 'another configuration is in force')
    } else if (outcome.outcome === 'reverted')
      log.warn({ number: outcome.number, hash: outcome.hash }, 'a trial is reverted; the ledger says why')
    else
      log.info(
        outcome,
        outcome.outcome === 'confirmed' ? 'a trial is confirmed' : 'the configuration is in force already',
      )
    return outcome
  }
}

/** A configuration can have many faults; the first ones say what to mend. */
const mostLogged = 10
