import type { Snapshot } from '../../config/snapshot.ts'
import type { ScannerHealth } from '../../path/5-inspection/scanners/scanners.ts'
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
    const said = error instanceof Error ? error.message : String(error)
    return [worse('fail', 'scanners', said, 'mend the rules or lists that it names')]
  }
}

/** What is known of one scanner: whether it works, then each limit that it has. */
function diagnose({ name, kind, up, detail, probe, version, signaturesAt, ...rest }: ScannerHealth): Diagnosis[] {
  const what = `scanner ${name}`
  const error = probe?.error ?? null
  if (!up) return [worse('fail', what, error ?? detail, error === null ? fixes.dishonest(kind) : fixes.down(kind))]
  const described = [version ?? 'it does not say its version', dated(signaturesAt), kind].filter(
    (word) => word !== null,
  )
  const found = [fine(what, described.join(', '))]
  if (error !== null) found.push(worse('warn', what, error, fixes.slow(kind)))
  if (rest.stale) found.push(worse('warn', what, detail, fixes.stale(kind)))
  for (const { case: shown, ok, detail: said } of probe?.cases ?? []) {
    const fix = ok ? null : fixOf(shown, kind)
    if (fix !== null) found.push(worse('warn', what, said, fix))
  }
  return found
}

function dated(signaturesAt: number | null): string | null {
  return signaturesAt === null ? null : `signatures of ${new Date(signaturesAt).toISOString().slice(0, 10)}`
}
