import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import type { DistantStore } from '../limits/counting.ts'
import { createMetrics, type Metrics } from '../metrics/registry.ts'
import { Permits } from '../path/3-admission/permits.ts'
import { Hold } from '../path/7-hold/hold.ts'
import type { AppendFile } from '../path/9-record/append-file.ts'
import { type Audit, type AuditSettings, openAudit, openAuditOver } from '../path/9-record/audit.ts'
import type { EntryRoom } from '../quarantine/room.ts'
import { Turns } from '../turns.ts'
import { permitLimits } from './permit-limits.ts'
import { openQuarantine, openQuarantineFor, type Quarantine, type TakeDestinations } from './quarantine.ts'
import { Shelf } from './shelf.ts'

/** What a process has from its start to its end, whatever becomes of its configuration. */
export interface ProcessResources {
  readonly metrics: Metrics
  readonly turns: Turns
  readonly hold: Hold
  readonly permits: Permits
  readonly audit: Audit | null
  readonly quarantine: Quarantine | null
  readonly shelf: Shelf
  /** The record of how requests ended goes last. */
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

interface Surroundings {
  readonly version: string
  readonly log: Logger
  /** In a process that is the whole gateway, where its releases from the quarantine go; else what it has from the primary. */
  readonly role: { readonly destinations: TakeDestinations } | { readonly shared: SharedResources }
}

/** Rejects, with everything closed again, where something cannot be had. */
export async function openProcessResources(
  snapshot: Snapshot,
  { version, log, role }: Surroundings,
): Promise<ProcessResources> {
  const { configuration } = snapshot
  const shared = 'shared' in role ? role.shared : null
  await using opened = new AsyncDisposableStack()
  const metrics = opened.adopt(createMetrics({ version }), ({ stop }) => stop())
  const turns = new Turns(configuration.admission.eventLoopLag)
  const hold = new Hold({ ...configuration.hold, sharedBy: shared?.workers ?? 1 }, turns)
  // Before the audit file is made, which is often beside it.
  await access(hold.directory, constants.W_OK | constants.X_OK)
  const audit = await openRecord(configuration.audit, shared, { metrics, log })
  if (audit !== null) opened.defer(() => audit.close())
  const permits = new Permits({ ...permitLimits(snapshot), isDown: () => false }, turns, metrics)
  const quarantine =
    'shared' in role
      ? await openQuarantineFor(configuration, role.shared.room, { metrics, log })
      : await openQuarantine(configuration, { ...role, metrics, log })
  if (quarantine !== null) opened.defer(quarantine.close)
  const owned = opened.move()
  const close = (): Promise<void> => owned.disposeAsync()
  return { metrics, turns, hold, permits, audit, quarantine, shelf: new Shelf(), close }
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
