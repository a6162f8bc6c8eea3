import { fixedSettingsChanged } from '../config/fixed-settings.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { explainStart } from './explain-start.ts'

export type { ChangeWay, Configured } from '../changes/surroundings.ts'

/** What became of a change of the configuration. `why`: a sentence for who has to mend it. */
export type Changed = { readonly changed: true } | { readonly changed: false; readonly why: string }

/** Where `change` rejects, the configuration in force stays so, and the sentence says what could not be had. */
export async function changeInPlace(before: Snapshot, next: Snapshot, change: () => Promise<void>): Promise<Changed> {
  const fixed = fixedSettingsChanged(before.configuration, next.configuration)
  if (fixed.length > 0)
    return { changed: false, why: `${fixed.join(', ')} cannot change while the gateway runs; restart it for that` }
  try {
    await change()
    return { changed: true }
  } catch (error) {
    return { changed: false, why: explainStart(error instanceof Error ? error : new Error(String(error)), next) }
  }
}
