import { formatFault } from '../../config/fault.ts'
import { loadConfiguration } from '../../config/load.ts'
import type { Snapshot } from '../../config/snapshot.ts'
import { type ChecklistLine, failed, notDone, passed } from '../../rehearsal/checklist/line.ts'
import { checkRunningConfiguration } from '../../rehearsal/checklist/running-configuration.ts'
import { type Rehearsal, totalsInWords, totalsOf } from '../../rehearsal/report/rehearsal.ts'
import { CannotStart } from '../../rehearsal/run/in-process.ts'
import type { RehearseOptions, Target } from './options.ts'
import { perform } from './perform.ts'
import { prepareCases } from './prepare.ts'

/** A line of the checklist with the rehearsals that it rests on. */
export interface Shown {
  readonly line: ChecklistLine
  readonly rehearsals: readonly Rehearsal[]
}

/** A rehearsal, or why there is none. */
type Attempt = { readonly rehearsal: Rehearsal } | { readonly reasons: readonly string[] }

/** The suites, through a gateway in this process. */
export async function checkSuites(snapshot: Snapshot, options: RehearseOptions): Promise<Shown> {
  const what = 'unit'
  const attempt = await attemptRehearsal(snapshot, null, options)
  if ('reasons' in attempt) return { line: failed(what, 'they could not be sent', attempt.reasons), rehearsals: [] }
  const { rehearsal } = attempt
  const evidence = evidenceOf(rehearsal)
  const line = isAsExpected(rehearsal)
    ? passed(what, 'all is as expected', evidence)
    : failed(what, 'something is not as expected', evidence)
  return { line, rehearsals: [rehearsal] }
}

/** What runs in staging: its configuration, and with a target its answers. */
export async function checkStaging(
  snapshot: Snapshot,
  options: RehearseOptions,
  operations: string | null,
): Promise<Shown> {
  const what = 'staging configuration verified'
  const { token } = snapshot.configuration.operations
  const running = operations === null ? null : await checkRunningConfiguration(operations, token, snapshot.hash)
  const line = running ?? notDone(what, 'name the operations listener of staging with --operations')
  if (options.target === null) return { line, rehearsals: [] }
  const attempt = await attemptRehearsal(snapshot, options.target, options)
  if ('reasons' in attempt)
    return { line: failed(what, 'the suites could not be sent', attempt.reasons), rehearsals: [] }
  const { rehearsal } = attempt
  const evidence = [...line.evidence, ...evidenceOf(rehearsal)]
  if (isAsExpected(rehearsal)) return { line: { ...line, evidence }, rehearsals: [rehearsal] }
  return { line: failed(what, 'answers there are not as expected', evidence), rehearsals: [rehearsal] }
}

/**
 * Whether one can go back: the older configuration starts, and releases what it should. That it refuses less than the
 * suites of the newer one expect is no obstacle.
 */
export async function checkRollback(
  snapshot: Snapshot,
  options: RehearseOptions,
  older: string | null,
): Promise<Shown> {
  const what = 'rollback proven'
  if (older === null)
    return { line: notDone(what, 'name the configuration to go back to with --rollback-from'), rehearsals: [] }
  const loaded = loadConfiguration(older, process.env)
  if (!loaded.ok) {
    return { line: failed(what, `${older} is faulty`, loaded.faults.map(formatFault)), rehearsals: [] }
  }
  const { hash } = loaded.snapshot
  const where = `${older} (${hash})`
  if (hash === snapshot.hash) return { line: failed(what, 'it is the same configuration', [where]), rehearsals: [] }
  const attempt = await attemptRehearsal(loaded.snapshot, null, options)
  if ('reasons' in attempt) {
    return { line: failed(what, `${older} could not be rehearsed`, attempt.reasons), rehearsals: [] }
  }
  const { rehearsal } = attempt
  const lost = rehearsal.results.filter(({ result, expected }) => result === 'failed' && expected !== 'refused')
  const evidence = [where, ...evidenceOf(rehearsal)]
  const line =
    lost.length === 0
      ? passed(what, 'the older configuration starts, and releases what it should', evidence)
      : failed(what, `the older configuration does not release: ${lost.map(({ name }) => name).join(', ')}`, evidence)
  return { line, rehearsals: [rehearsal] }
}

async function attemptRehearsal(snapshot: Snapshot, target: Target | null, options: RehearseOptions): Promise<Attempt> {
  const prepared = prepareCases(options.suites, snapshot)
  if (!prepared.ok) return { reasons: prepared.lines }
  try {
    return { rehearsal: await perform(prepared.cases, snapshot, target, options) }
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error
    return { reasons: [error.message] }
  }
}

function evidenceOf({ target, configuration, results }: Rehearsal): string[] {
  const suites = [...new Set(results.map(({ suite }) => suite))]
  const command = `sluice rehearse ${suites.join(' ')}${target === null ? '' : ` --target ${target}`}`
  const failures = results.flatMap(({ result, name }) => (result === 'failed' ? [`failed: ${name}`] : []))
  return [command, `hash ${configuration?.hash ?? 'unknown'}`, totalsInWords(totalsOf(results)), ...failures]
}

function isAsExpected({ results }: Rehearsal): boolean {
  const { passed, failed } = totalsOf(results)
  return failed === 0 && passed > 0
}
