import type { ScannerSettings } from '../config/configuration.ts'
import type { SettledConfiguration } from '../config/snapshot.ts'

/** What the configuration is divided by. */
export interface Division {
  readonly workers: number
  readonly processors: number
}

/**
 * What one of several workers may use of what the configuration allows for the whole process. Sizes are divided and
 * rounded down; what is counted in places is at least one for each, since a worker without any would be of no use. What
 * is not named here holds for each worker, or is asked of the primary.
 */
export function workerShare(
  configuration: SettledConfiguration,
  { workers, processors }: Division,
): SettledConfiguration {
  const { hold, inspection, scanners } = configuration
  const bytes = (all: number): number => Math.floor(all / workers)
  const places = (all: number): number => Math.max(1, Math.floor(all / workers))
  const threads = inspection.threads === 'auto' ? processors - 1 : inspection.threads
  return {
    ...configuration,
    hold: { ...hold, memory: bytes(hold.memory), spool: { ...hold.spool, size: bytes(hold.spool.size) } },
    inspection: { ...inspection, threads: places(threads) },
    scanners: Object.fromEntries(
      Object.entries(scanners).map(([name, scanner]) => [name, scannerShare(scanner, places)]),
    ),
  }
}

function scannerShare(scanner: ScannerSettings, places: (all: number) => number): ScannerSettings {
  const queue = scanner.queue === 0 ? 0 : places(scanner.queue)
  return { ...scanner, concurrent: places(scanner.concurrent), queue }
}
