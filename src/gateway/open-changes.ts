import type { Logger } from 'pino'
import { type Changes, openChanges } from '../changes/changes.ts'
import { countersOf } from '../changes/counters.ts'
import type { ChangeableGateway } from '../changes/surroundings.ts'
import { loadText } from '../config/load.ts'
import type { Metrics, Series } from '../metrics/registry.ts'

interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  /** What the whole gateway has counted. */
  readonly readSeries: () => Promise<readonly Series[]>
  readonly metrics: Metrics
  readonly log: Logger
}

/** The ways in which operators change the configuration of a running gateway. */
export function openGatewayChanges(
  gateway: ChangeableGateway,
  { env, readSeries, metrics, log }: Surroundings,
): Promise<Changes> {
  const { file } = gateway.loaded().material
  return openChanges({
    gateway,
    load: (text) => loadText(text, file, env),
    readCounters: async () => countersOf(await readSeries()),
    metrics,
    log,
  })
}
