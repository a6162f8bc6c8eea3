import type { QuarantineStore } from '../store.ts'
import { begin, type Records } from './begin.ts'
import type { Decision } from './decision.ts'
import type { DeleteOutcome } from './outcome.ts'

export interface RemoveDependencies extends Records {
  readonly store: QuarantineStore
  readonly longest: number
}

/** Deletes an entry that nobody else is at, after it is on record who wants it and why. Never rejects. */
export async function removeEntry(deps: RemoveDependencies, decision: Decision): Promise<DeleteOutcome> {
  const begun = await begin(deps, 'quarantine.delete', decision, Date.now() + deps.longest)
  if (begun.outcome !== 'begun') return begun
  try {
    await deps.store.remove(decision.id)
    return { outcome: 'deleted' }
  } catch (error) {
    await begun.lapse()
    return { outcome: 'failed', detail: error instanceof Error ? error.message : String(error) }
  }
}
