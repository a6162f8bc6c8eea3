import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import { createMetrics, type Metrics } from '../metrics/registry.ts'
import { type Inspection, openInspection } from '../path/5-inspection/isolation/inspection.ts'
import { openScanners, type Scanners } from '../path/5-inspection/scanners/scanners.ts'
import { Hold } from '../path/7-hold/hold.ts'
import { type Audit, openAudit } from '../path/9-record/audit.ts'
import { destroyUpstreams, openUpstreams, type Upstreams } from '../upstream/upstreams.ts'
import { type OpenFiles, settleOpenFiles } from './open-files.ts'
import { proveInspection } from './prove-inspection.ts'
import { openQuarantine, type Quarantine } from './quarantine.ts'
import { scannerNeeds } from './scanner-needs.ts'

/** All that a configuration needs, opened. */
export interface Resources {
  readonly upstreams: Upstreams
  readonly audit: Audit | null
  readonly metrics: Metrics
  readonly openFiles: OpenFiles
  readonly hold: Hold
  readonly inspection: Inspection
  readonly scanners: Scanners
  readonly quarantine: Quarantine | null
  /** What breaks off requests in flight goes first; the record of their ends goes last. */
  readonly close: () => Promise<void>
}

/** Rejects, with everything closed again, where something cannot be had. */
export async function openResources(snapshot: Snapshot, version: string, log: Logger): Promise<Resources> {
  const { configuration, policies } = snapshot
  await using opened = new AsyncDisposableStack()
  const metrics = opened.adopt(createMetrics({ version }), ({ stop }) => stop())
  const openFiles = settleOpenFiles(configuration, log)
  const hold = new Hold({ ...configuration.hold, files: openFiles.spool })
  await access(hold.directory, constants.W_OK | constants.X_OK)
  const { file } = configuration.audit
  const audit = file === null ? null : opened.adopt(await openAudit({ file, metrics, log }), close)
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
  const upstreams = opened.adopt(openUpstreams(snapshot.upstreams), destroyUpstreams)
  const quarantine = await openQuarantine(snapshot, { upstreams, metrics, log })
  if (quarantine !== null) opened.adopt(quarantine, close)
  const owned = opened.move()
  const end = (): Promise<void> => owned.disposeAsync()
  return { metrics, openFiles, hold, audit, inspection, scanners, upstreams, quarantine, close: end }
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
