import { settingsText } from '../config/same-settings.ts'
import type { Generation } from './generation.ts'

/** Milliseconds for new scanners to show what they are worth. */
const longestProof = 60_000

/**
 * Rejects where a scanner that is new or set otherwise cannot be used, or one that could until now. One that is down
 * under the configuration in force keeps no other change from being made. Rejects with the signal's reason, too.
 */
export async function proveScanners(
  before: Pick<Generation, 'snapshot' | 'opened'>,
  { snapshot, opened }: Pick<Generation, 'snapshot' | 'opened'>,
  signal: AbortSignal,
): Promise<void> {
  if (opened.scanners === before.opened.scanners) return
  await opened.scanners.probeAll(AbortSignal.any([signal, AbortSignal.timeout(longestProof)]))
  const wereUp = new Set(before.opened.scanners.health().flatMap(({ name, up }) => (up ? [name] : [])))
  const { scanners: earlier } = before.snapshot.configuration
  const { scanners: settings } = snapshot.configuration
  const isConcerned = (name: string): boolean =>
    wereUp.has(name) || settingsText(settings[name]) !== settingsText(earlier[name] ?? null)
  const bad = opened.scanners.health().find(({ name, up }) => !up && isConcerned(name))
  if (bad !== undefined) throw new Error(`scanner ${bad.name}: ${bad.detail}`)
}
