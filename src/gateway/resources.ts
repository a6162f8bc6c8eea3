import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import type { Limiter, SharedLimits } from '../limits/limiter.ts'
import type { Metrics } from '../metrics/registry.ts'
import { type Inspection, openInspection } from '../path/5-inspection/isolation/inspection.ts'
import { openScanners, type Scanners } from '../path/5-inspection/scanners/scanners.ts'
import { openLimits } from './limits.ts'
import { type OpenFiles, settleOpenFiles } from './open-files.ts'
import type { ProcessResources } from './process-resources.ts'
import { proveInspection } from './prove-inspection.ts'
import { scannerNeeds } from './scanner-needs.ts'
import { type WatchedUpstreams, watchUpstreams } from './upstreams.ts'

/** What one configuration needs, opened; in part it is what the one before it has, too. */
export interface Resources {
  readonly openFiles: OpenFiles
  readonly inspection: Inspection
  readonly scanners: Scanners
  readonly limiter: Limiter
  readonly backends: WatchedUpstreams
  /** What breaks off requests in flight goes first. */
  readonly close: () => Promise<void>
}

/** Rejects, with everything closed again, where something cannot be had. */
export async function openResources(
  snapshot: Snapshot,
  { metrics, shelf }: Pick<ProcessResources, 'metrics' | 'shelf'>,
  log: Logger,
  sharedLimits: SharedLimits | null,
): Promise<Resources> {
  const { configuration, policies, upstreams } = snapshot
  await using opened = new AsyncDisposableStack()
  await access(configuration.hold.spool.directory, constants.W_OK | constants.X_OK)
  const inspection = await shelf.take(opened, 'inspection', configuration.inspection, () =>
    openInspection(configuration.inspection, reportEnded(metrics, log)),
  )
  await proveInspection(inspection, policies)
  const needs = scannerNeeds(policies)
  const { redis } = configuration.state
  const { scanners: settings } = configuration
  const scanners = await shelf.take(opened, 'scanners', { settings, needs: [...needs], redis }, () =>
    openScanners(settings, { needs, redis, metrics, log }),
  )
  const limiter = await openLimits(snapshot, { shelf, opened, shared: sharedLimits, metrics, log })
  const backends = await shelf.take(opened, 'upstreams', [...upstreams], () => watchUpstreams(snapshot, metrics, log))
  const openFiles = settleOpenFiles(configuration, log)
  const owned = opened.move()
  return { openFiles, inspection, scanners, limiter, backends, close: () => owned.disposeAsync() }
}

function reportEnded(metrics: Metrics, log: Logger): Parameters<typeof openInspection>[1] {
  return (reason, err) => {
    metrics.inspectionsEnded.of({ reason }).inc()
    // A file that breaks a parser is a defect of the parser; one that takes too long is the client's doing.
    if (reason === 'crash') log.error({ err }, 'an inspection failed')
  }
}
