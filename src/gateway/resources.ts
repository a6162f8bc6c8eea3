import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import type { DistantStore } from '../limits/counting.ts'
import { type Limiter, openLimiter } from '../limits/limiter.ts'
import { createMetrics, type Metrics } from '../metrics/registry.ts'
import { Permits } from '../path/3-admission/permits.ts'
import { type Inspection, openInspection } from '../path/5-inspection/isolation/inspection.ts'
import { openScanners, type Scanners } from '../path/5-inspection/scanners/scanners.ts'
import { Hold } from '../path/7-hold/hold.ts'
import type { AppendFile } from '../path/9-record/append-file.ts'
import { type Audit, type AuditSettings, openAudit, openAuditOver } from '../path/9-record/audit.ts'
import type { EntryRoom } from '../quarantine/room.ts'
import { Turns } from '../turns.ts'
import { type OpenFiles, settleOpenFiles } from './open-files.ts'
import { permitLimits } from './permit-limits.ts'
import { proveInspection } from './prove-inspection.ts'
import { openQuarantine, openQuarantineFor, type Quarantine } from './quarantine.ts'
import { scannerNeeds } from './scanner-needs.ts'
import { type WatchedUpstreams, watchUpstreams } from './upstreams.ts'

/** All that a configuration needs, opened. */
export interface Resources {
  readonly backends: WatchedUpstreams
  readonly audit: Audit | null
  readonly metrics: Metrics
  readonly limiter: Limiter
  readonly openFiles: OpenFiles
  readonly turns: Turns
  readonly hold: Hold
  readonly permits: Permits
  readonly inspection: Inspection
  readonly scanners: Scanners
  readonly quarantine: Quarantine | null
  /** What breaks off requests in flight goes first; the record of their ends goes last. */
  readonly close: () => Promise<void>
}

/** What a worker does not have to itself, but asks of the primary. */
export interface SharedResources {
  /** Processes that share. */
  readonly workers: number
  /** Where audit lines go; null where the configuration names no audit file. */
  readonly openAuditFile: (() => Promise<AppendFile>) | null
  readonly room: EntryRoom
  readonly limits: DistantStore
}

/** `shared`: null in a process that is the whole gateway. Rejects, with everything closed again, where something cannot be had. */
export async function openResources(
  snapshot: Snapshot,
  version: string,
  log: Logger,
  shared: SharedResources | null,
): Promise<Resources> {
  const { configuration, policies } = snapshot
  await using opened = new AsyncDisposableStack()
  const metrics = opened.adopt(createMetrics({ version }), ({ stop }) => stop())
  const turns = new Turns(configuration.admission.eventLoopLag)
  const openFiles = settleOpenFiles(configuration, log)
  const hold = new Hold({ ...configuration.hold, files: openFiles.spool, sharedBy: shared?.workers ?? 1 }, turns)
  await access(hold.directory, constants.W_OK | constants.X_OK)
  const audit = await openRecord(configuration.audit, shared, { metrics, log })
  if (audit !== null) opened.adopt(audit, close)
  const inspection = opened.adopt(openInspection(configuration.inspection, reportEnded(metrics, log)), close)
  await proveInspection(inspection, policies)
  const needs = scannerNeeds(policies)
  const { redis } = configuration.state
  const scanners = opened.adopt(
    await openScanners(configuration.scanners, {
      needs,
      redis,
      metrics,
      log,
    }),
    close,
  )
  const limiter = opened.adopt(
    await openLimiter(configuration, {
      metrics,
      log,
      shared: shared && { store: shared.limits, processes: shared.workers },
    }),
    close,
  )
  const permits = new Permits({ ...permitLimits(snapshot), isDown: scanners.isDown }, turns, metrics)
  const backends = opened.adopt(watchUpstreams(snapshot, metrics, log), close)
  const { upstreams } = backends
  const quarantine =
    shared === null
      ? await openQuarantine(snapshot, { upstreams, metrics, log })
      : await openQuarantineFor(configuration, shared.room, { metrics, log })
  if (quarantine !== null) opened.adopt(quarantine, close)
  const owned = opened.move()
  const end = (): Promise<void> => owned.disposeAsync()
  return {
    metrics,
    limiter,
    openFiles,
    turns,
    hold,
    permits,
    audit,
    inspection,
    scanners,
    backends,
    quarantine,
    close: end,
  }
}

/** Bytes of audit lines that wait in all workers together, and in one at the least. */
const waitingLines = 8 * 1024 * 1024
const leastWaiting = 1024 * 1024
/** Milliseconds: a message to the primary costs far more than a line of it. */
const gather = 50

async function openRecord(
  { file }: Snapshot['configuration']['audit'],
  shared: SharedResources | null,
  settings: AuditSettings,
): Promise<Audit | null> {
  if (shared === null) return file === null ? null : openAudit({ file, ...settings })
  if (shared.openAuditFile === null) return null
  const capacity = Math.max(leastWaiting, waitingLines / shared.workers)
  return openAuditOver(shared.openAuditFile, { ...settings, capacity, gather })
}

function close(resource: { readonly close: () => Promise<void> }): Promise<void> {
  return resource.close()
}

function reportEnded(metrics: Metrics, log: Logger): Parameters<typeof openInspection>[1] {
  return (reason, err) => {
    metrics.inspectionsEnded.of({ reason }).inc()
    // A file that breaks a parser is a defect of the parser; one that takes too long is the client's doing.
    if (reason === 'crash') log.error({ err }, 'an inspection failed')
  }
}
