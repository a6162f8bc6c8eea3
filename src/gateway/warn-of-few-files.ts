import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import { openFilesAllowed, openFilesNeeded } from '../open-files.ts'

/** Without the files that it needs, the gateway refuses uploads and loses connections, and nobody knows why. */
export function warnOfFewFiles({ configuration }: Snapshot, log: Logger): void {
  const allowed = openFilesAllowed()
  const needed = openFilesNeeded(configuration)
  if (allowed === null || allowed >= needed) return
  log.warn({ allowed, needed }, 'the limit of open files is lower than what admission.connections.total can need')
}
