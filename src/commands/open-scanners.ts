import type { Snapshot } from '../config/snapshot.ts'
import { scannerNeeds } from '../gateway/scanner-needs.ts'
import { createMetrics } from '../metrics/registry.ts'
import { openScanners, type Scanners } from '../path/5-inspection/scanners/scanners.ts'
import { version } from '../version.ts'

const silent = { info() {}, warn() {}, error() {} }

/** Milliseconds for scanners to find their test files; what they have not shown by then they have not shown. */
const longestProbe = 120_000

/**
 * The scanners of a configuration, or those of these names, as the gateway has them, but without what gateways share.
 * They have been probed. Rejects where rules or lists cannot be used.
 */
export async function openProbed(
  { configuration, policies }: Snapshot,
  names: readonly string[] = Object.keys(configuration.scanners),
): Promise<Scanners> {
  const metrics = createMetrics({ version })
  metrics.stop()
  const chosen = Object.entries(configuration.scanners).filter(([name]) => names.includes(name))
  const scanners = await openScanners(Object.fromEntries(chosen), {
    needs: scannerNeeds(policies),
    redis: null,
    metrics,
    log: silent,
  })
  const deadline = AbortSignal.timeout(longestProbe)
  try {
    await scanners.probeAll(deadline)
  } catch (error) {
    if (!deadline.aborted) {
      await scanners.close()
      throw error
    }
  }
  return scanners
}
