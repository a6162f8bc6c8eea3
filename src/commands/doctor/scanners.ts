import type { Snapshot } from '../../config/snapshot.ts'
import type { ScannerHealth } from '../../path/5-inspection/scanners/scanners.ts'
import { describeFault } from '../../printable.ts'
import { openProbed } from '../open-scanners.ts'
import { type Diagnosis, fine, worse } from './diagnosis.ts'
import { fixes, fixOf } from './scanner-fixes.ts'

/** Probes every scanner as the gateway does. */
export async function checkScanners(snapshot: Snapshot): Promise<readonly Diagnosis[]> {
  try {
    const scanners = await openProbed(snapshot)
    const health = scanners.health()
    await scanners.close()
    return health.flatMap(diagnose)
  } catch (error) {
    return [worse('fail', 'scanners', describeFault(error), 'mend the rules or lists that it names')]
  }
}

/** What is known of one scanner: whether it works, then each limit that it has. */
function diagnose({ name, kind, cause, detail, probe, version, signaturesAt, outdated }: ScannerHealth): Diagnosis[] {
  const what = `scanner ${name}`
  if (cause !== null) return [worse('fail', what, detail, fixes[cause](kind))]
  const described = [kind, version ?? 'it does not say its version', dated(signaturesAt)].filter(
    (word) => word !== null,
  )
  const found = [fine(what, described.join(', '))]
  const error = probe?.error ?? null
  if (error !== null) found.push(worse('warn', what, error, fixes.slow(kind)))
  if (outdated !== null) found.push(worse('warn', what, outdated, 'mend the file that it names'))
  for (const { case: shown, ok, detail: said } of probe?.cases ?? []) {
    if (ok) continue
    const fix = fixOf(shown, kind)
    found.push(fix === null ? fine(what, said) : worse('warn', what, said, fix))
  }
  return found
}

function dated(signaturesAt: number | null): string | null {
  return signaturesAt === null ? null : `signatures of ${new Date(signaturesAt).toISOString().slice(0, 10)}`
}
