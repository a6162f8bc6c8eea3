import type { Logger } from 'pino'
import type { Metrics } from '../../metrics/registry.ts'
import { oncePerMinute } from '../../once-per-minute.ts'
import type { Audit } from './audit.ts'
import { auditLine } from './audit-line.ts'
import type { AuditRecord } from './audit-record.ts'
import { logOutcome } from './log-outcome.ts'
import { observe } from './observe.ts'

export interface RecorderOptions {
  /** Null where the configuration names no audit file. */
  readonly audit: Pick<Audit, 'write'> | null
  readonly metrics: Metrics
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** Writes the audit line, the metrics and the log line of a request that ended. Never throws. */
export type RecordRequest = (entry: AuditRecord) => void

/**
 * An entry is recorded once, however often it is handed in: `finish` and `close` of a response both mean its end. Each
 * of the three is written even where another one fails, and none of them can fail the request.
 */
export function createRecorder({ audit, metrics, log }: RecorderOptions): RecordRequest {
  const seen = new WeakSet<AuditRecord>()
  const complain = oncePerMinute((err: unknown) => log.error({ err }, 'a request could not be recorded'))
  const attempt = (write: () => void) => {
    try {
      write()
    } catch (error) {
      complain(error)
    }
  }
  return (entry) => {
    if (seen.has(entry)) return
    seen.add(entry)
    attempt(() => observe(entry, metrics))
    attempt(() => audit?.write(auditLine(entry)))
    attempt(() => logOutcome(entry, log))
  }
}
