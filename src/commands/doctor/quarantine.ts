import type { SettledConfiguration } from '../../config/snapshot.ts'
import { describeFault } from '../../printable.ts'
import { examineStore } from '../../quarantine/open-store.ts'
import type { UnreadableEntry } from '../../quarantine/store.ts'
import { type Diagnosis, worse } from './diagnosis.ts'

/** Milliseconds; whatever has not been read by then has not been found wrong. */
const patience = 30_000

/** Whether what is kept can be read with the secrets that are configured. Nothing is told where it can, or where nothing is kept. */
export async function checkEntries({ quarantine }: SettledConfiguration): Promise<readonly Diagnosis[]> {
  if (quarantine === null) return []
  try {
    const unreadable = await examineStore(quarantine, AbortSignal.timeout(patience))
    return unreadable.length === 0 ? [] : [diagnosis(unreadable)]
  } catch (error) {
    const fix = 'let the user that runs sluice read what is kept there, with the secrets in encrypt and previousKeys'
    return [worse('fail', 'quarantine', `its entries cannot be looked at: ${describeFault(error)}`, fix)]
  }
}

function diagnosis(unreadable: readonly UnreadableEntry[]): Diagnosis {
  const entries = unreadable.length === 1 ? '1 entry' : `${unreadable.length} entries`
  const reasons = [...new Set(unreadable.map(({ reason }) => reason))].slice(0, 3).join('; ')
  const fix = 'put the secret that they were encrypted with into previousKeys; delete what is damaged, as list names it'
  return worse('warn', 'quarantine', `${entries} cannot be read: ${reasons}`, fix)
}
