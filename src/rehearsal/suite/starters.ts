import { fileURLToPath } from 'node:url'
import type { Snapshot } from '../../config/snapshot.ts'

const folder = fileURLToPath(new URL('../../../config/rehearsals/', import.meta.url))

/** The starter suites of the packs that the policies of a configuration extend, as paths. */
export function starterSuites({ configuration }: Snapshot): readonly string[] {
  const packs = Object.values(configuration.policies).flatMap((policy) => policy.extends ?? [])
  return [...new Set(packs)].sort().map((pack) => `${folder}${pack}.yaml`)
}
