import type { Snapshot } from '../../config/snapshot.ts'
import { startProgress } from '../../terminal/progress.ts'
import type { Diagnosis } from './diagnosis.ts'
import { checkDisk } from './disk.ts'
import { checkOpenFiles } from './open-files.ts'
import { checkEntries } from './quarantine.ts'
import { checkScanners } from './scanners.ts'
import { checkServices } from './services.ts'

/** Looks at all that a configuration relies on, and shows progress on a terminal. */
export async function examine(snapshot: Snapshot): Promise<readonly Diagnosis[]> {
  const { configuration } = snapshot
  const checks: readonly Promise<Diagnosis | readonly Diagnosis[]>[] = [
    ...checkDisk(configuration),
    Promise.resolve(checkOpenFiles(configuration)),
    checkEntries(configuration),
    ...checkServices(configuration),
    checkScanners(snapshot),
  ]
  const progress = startProgress(checks.length)
  try {
    const found = await Promise.all(
      checks.map(async (check) => {
        const diagnosis = await check
        progress.advance('disks, services and scanners')
        return diagnosis
      }),
    )
    return found.flat()
  } finally {
    progress.stop()
  }
}
