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
  const { admission, hold, inspection, scanners, upstreams } = configuration
  const bytes = (all: number): number => Math.floor(all / workers)
  const places = (all: number): number => Math.max(1, Math.floor(all / workers))
  const few = (all: number): number => (all === 0 ? 0 : places(all))
  const threads = inspection.threads === 'auto' ? processors - 1 : inspection.threads
  return {
    ...configuration,
    admission: admissionShare(admission, workers, few),
    hold: { ...hold, memory: bytes(hold.memory), spool: { ...hold.spool, size: bytes(hold.spool.size) } },
    inspection: { ...inspection, threads: places(threads) },
    scanners: Object.fromEntries(Object.entries(scanners).map(([name, scanner]) => [name, scannerShare(scanner, few)])),
    upstreams: Object.fromEntries(
      Object.entries(upstreams).map(([name, upstream]) => [
        name,
        { ...upstream, uploads: partOf(upstream.uploads, few) },
      ]),
    ),
  }
}

type Admission = SettledConfiguration['admission']

/** Connections go to the workers by turns, but those of one client not evenly: each worker takes twice its share of them. */
function admissionShare(admission: Admission, workers: number, few: (all: number) => number): Admission {
  const { connections, uploads } = admission
  const perClient = Math.min(connections.perClient, Math.ceil((2 * connections.perClient) / workers))
  return {
    ...admission,
    connections: { total: few(connections.total), perClient },
    uploads: { ...uploads, active: few(uploads.active), queue: few(uploads.queue) },
  }
}

function partOf(limit: number | null, few: (all: number) => number): number | null {
  return limit === null ? null : few(limit)
}

function scannerShare(scanner: ScannerSettings, few: (all: number) => number): ScannerSettings {
  const { concurrent, queue, uploads } = scanner
  return { ...scanner, concurrent: few(concurrent), queue: few(queue), uploads: partOf(uploads, few) }
}
